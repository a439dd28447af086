import { useMemo } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { useCellTraces } from '#state/explore/use-difference.ts';
import { useSearch } from '#state/explore/use-search.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { PanelFrame } from '#views/shared/panel/PanelFrame.tsx';
import { PanelWait } from '#views/shared/panel/PanelWait.tsx';
import { isInBox, queryOfBox } from './box-query.ts';
import { QueryTitle } from './QueryTitle.tsx';
import { Results } from './Results.tsx';
import { sortRows } from './result-rows.ts';
import { useFilters } from './use-filters.ts';
import { useWhen } from './use-when.ts';
import './explore.css';

const ROW_PX = 26;
const HEAD_PX = 24;
const END_PX = 34;
/** A list asks for no more than this by itself; what is longer scrolls. */
const MOST_ROWS = 40;

/** A panel does not follow new traces: it need not hold still for who reads. */
const noMatterWho = () => undefined;

/** Traces that a query finds, in a frame of another page. */
export function SearchPanel() {
  const { sort, box, of } = useUrl();
  const filters = useFilters();
  const when = useWhen();
  const range = useResolvedRange();
  const part = useMemo(() => box && { ...box, query: queryOfBox(filters.query, box, of) }, [box, filters.query, of]);
  const search = useSearch(filters.query, filters.error === undefined, part);
  const inBox = useCellTraces(filters.query, of === 'traces' ? box : undefined);
  const total = part ? (inBox?.estimated ? undefined : inBox?.count) : search.total;
  const rows = useMemo(() => {
    const found = search.result?.traces ?? [];
    return sortRows(box ? found.filter(trace => isInBox(trace, box, of)) : found, sort);
  }, [search.result, box, of, sort]);
  const known = total ?? (search.result && search.loadMore === undefined ? rows.length : undefined);
  return (
    <PanelFrame
      title={<QueryTitle filters={filters} />}
      facts={
        known !== undefined && (
          <span>
            <b>{formatCount(known)}</b> {known === 1 ? 'trace' : 'traces'}
          </span>
        )
      }
      when={when}
      heightPx={HEAD_PX + Math.max(4, Math.min(MOST_ROWS, rows.length)) * ROW_PX + END_PX}
    >
      <div className="results" aria-busy={search.isFetching}>
        {search.result?.partial && !search.isOutdated && (
          <p className="note warn" role="status">
            <Icon name="warn" className="s14 wrn" />
            <span>{search.result.partial}</span>
          </p>
        )}
        {filters.error ? (
          <EmptyState title="The query cannot be read">
            Column {filters.error.column}: {filters.error.message}.
          </EmptyState>
        ) : search.error ? (
          <ErrorState error={search.error} onRetry={search.retry} />
        ) : search.result === undefined || (rows.length === 0 && search.isOutdated) ? (
          <PanelWait text="Searching" />
        ) : rows.length === 0 ? (
          <EmptyState title="No trace matches">{when} was searched.</EmptyState>
        ) : (
          <div className={`results-wrap ${search.isOutdated ? 'aged' : ''}`}>
            <Results
              rows={rows}
              total={total}
              showMatched={!filters.isEverything && rows.some(trace => trace.matchedSpans !== undefined)}
              nowMs={range.nowMs}
              loadMore={search.loadMore}
              isFetching={search.isFetching}
              isCapped={search.isCapped}
              onReading={noMatterWho}
            />
          </div>
        )}
      </div>
    </PanelFrame>
  );
}
