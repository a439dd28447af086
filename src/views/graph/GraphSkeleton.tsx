const ROWS = [
  [8, 30],
  [8, 55],
  [30, 20],
  [30, 45],
  [30, 70],
  [52, 30],
  [52, 60],
] as const;

/** The page's measures while the first answer is on its way. */
export function GraphSkeleton() {
  return (
    <div className="sg-main">
      <div className="sg-stage" aria-busy="true">
        <p className="vh" role="status">
          Counting what calls what
        </p>
        {ROWS.map(([left, top]) => (
          <span
            key={`${left} ${top}`}
            className="sg-card-skeleton"
            style={{ left: `${left}%`, top: `${top}%` }}
            aria-hidden="true"
          >
            <span className="sk" style={{ width: 74 }} />
            <span className="sk light" style={{ width: 96 }} />
          </span>
        ))}
      </div>
    </div>
  );
}
