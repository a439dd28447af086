const BARS = [88, 62, 74, 40, 66, 52];

/** Measures of a panel whose first answer is under way, and what is waited for. */
export function PanelWait({ text }: { text: string }) {
  return (
    <div className="pn-wait" aria-busy="true">
      <p role="status">{text}</p>
      {BARS.map(width => (
        <span key={width} className="sk light" style={{ width: `${width}%` }} aria-hidden="true" />
      ))}
    </div>
  );
}
