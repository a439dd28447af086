// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus roves over rows, not cells
import type { ReactNode, RefObject } from 'react';
import type { Sort, SortColumn } from '#state/url/url-state.ts';
import { useGo } from '#state/url/use-url.ts';
import { labelledTicks, type RibbonScale } from '#views/shared/ribbon/ribbon-scale.ts';
import { nextSort } from './result-rows.ts';

/** Where the column is this narrow, its heading is short, to leave room for the axis. */
const NARROW = { columnPx: 260, titlePx: 42 };
const WIDE_TITLE_PX = 104;

/** Column headings; a press sorts. The critical path's heading is the axis that all ribbons share. */
export function ResultHeader({
  sort,
  scale,
  showMatched,
  ribbonHead,
}: {
  sort: Sort;
  scale: RibbonScale;
  showMatched: boolean;
  ribbonHead: RefObject<HTMLSpanElement | null>;
}) {
  const isNarrow = scale.width < NARROW.columnPx;
  const column = (name: SortColumn, text: ReactNode, className: string) => (
    <SortHeading sort={sort} column={name} className={className}>
      {text}
    </SortHeading>
  );
  return (
    <div role="rowgroup" className="results-head">
      <div role="row" aria-rowindex={1} className="trace-row heading">
        <span role="columnheader">
          <span className="vh">Status</span>
        </span>
        {column('name', 'Root service and operation', '')}
        <span role="columnheader" className="ribbon-head" ref={ribbonHead}>
          <span className="ribbon-title">{isNarrow ? 'Path' : 'Critical path'}</span>
          {labelledTicks(scale).map(tick => (
            <span
              key={tick.label}
              className={`ribbon-tick ${tick.x < (isNarrow ? NARROW.titlePx : WIDE_TITLE_PX) ? 'covered' : ''}`}
              style={{ left: tick.x }}
              aria-hidden="true"
            >
              {tick.label}
            </span>
          ))}
        </span>
        {column('duration', 'Duration', 'num cell-duration')}
        {column('spans', 'Spans', 'num cell-spans')}
        {showMatched && (
          <span role="columnheader" className="num cell-matched" data-tip="Spans that match the filters">
            Matched
          </span>
        )}
        {column('errors', 'Errors', 'num cell-errors')}
        {column('services', 'Services', 'num cell-services')}
        {column('start', 'Start', 'num cell-start')}
        <span role="columnheader" className="cell-acts">
          <span className="vh">Actions</span>
        </span>
      </div>
    </div>
  );
}

function SortHeading({
  sort,
  column,
  className,
  children,
}: {
  sort: Sort;
  column: SortColumn;
  className: string;
  children: ReactNode;
}) {
  const go = useGo();
  const isSorted = sort.column === column;
  return (
    <span
      role="columnheader"
      className={className}
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="sort" onClick={() => go({ sort: nextSort(sort, column) }, 'replace')}>
        {children}
        {isSorted && <span aria-hidden="true">{sort.descending ? ' ↓' : ' ↑'}</span>}
      </button>
    </span>
  );
}
