const ROWS = [38, 30, 44, 26, 36, 32, 41, 28];

/** The page's measures without its content. */
export function PinsSkeleton() {
  return (
    <div className="pins-page" aria-busy="true">
      <header className="pins-head">
        <div role="status">
          <h1>Pins</h1>
          <p className="sec t12 pins-usage">Reading the pins</p>
        </div>
      </header>
      <div className="pins-body" aria-hidden="true">
        {ROWS.map(width => (
          <span key={width} className="sk light pins-skeleton-row" style={{ width: `${width}%` }} />
        ))}
      </div>
    </div>
  );
}
