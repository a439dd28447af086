const ROWS = Array.from({ length: 24 }, (_, index) => ({
  index,
  name: 90 + ((index * 53) % 110),
  ribbon: 20 + ((index * 37) % 70),
}));

/** Rows with the measures of the table, still. */
export function ResultsSkeleton() {
  return (
    <div className="results-skeleton" role="status" aria-label="Searching">
      {ROWS.map(({ index, name, ribbon }) => (
        <div key={index} className="trace-row" aria-hidden="true">
          <span className="sk light" style={{ width: 8 }} />
          <span className="sk light" style={{ width: name }} />
          <span className="sk light" style={{ width: `${ribbon}%` }} />
          <span className="sk light" style={{ width: 36, justifySelf: 'end' }} />
        </div>
      ))}
    </div>
  );
}
