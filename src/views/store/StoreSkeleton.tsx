const FIGURES = [64, 48, 56, 40, 60, 52, 44, 58];
const ROWS = [38, 30, 44, 26, 36, 32];

/** The page's measures without its content. */
export function StoreSkeleton() {
  return (
    <div className="store-page" aria-busy="true">
      <header className="store-head">
        <div role="status">
          <h1>Store</h1>
          <p className="sec t12 store-state">Reading the figures</p>
        </div>
      </header>
      <div className="store-body" aria-hidden="true">
        <div className="store-figures">
          {FIGURES.map(width => (
            <div key={width} className="store-figure">
              <span className="sk light" style={{ width }} />
              <span className="sk" style={{ width: width + 24, height: 14, marginTop: 8 }} />
            </div>
          ))}
        </div>
        {ROWS.map(width => (
          <span key={width} className="sk light store-skeleton-row" style={{ width: `${width}%` }} />
        ))}
      </div>
    </div>
  );
}
