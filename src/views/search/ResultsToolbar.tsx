import type { ReactNode } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import type { Search } from '#state/explore/use-search.ts';
import type { Sort } from '#state/url/url-state.ts';
import { useUrl } from '#state/url/use-url.ts';
import { Button } from '#views/shared/Button.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { ColumnMenu } from './ColumnMenu.tsx';
import { topServices } from './result-rows.ts';

const LEGEND = 6;

/** How many of how many, in which order, and what the colours mean. */
export function ResultsToolbar({
  traces,
  search,
  total,
  live,
  isPaused,
  rate,
  leftOut,
  onShowAll,
  narrowedTo,
  facetsOpen,
  onFacets,
}: {
  traces: readonly TraceSummary[];
  search: Search;
  /** Traces that the list is a part of, where that is known. */
  total: number | undefined;
  live: boolean;
  isPaused: boolean;
  /** Set while more arrives than is shown. */
  rate: string | undefined;
  /** Traces of the answer that came too fast to be listed. */
  leftOut: number;
  onShowAll: () => void;
  /** The part of the heatmap that the list is narrowed to. */
  narrowedTo: ReactNode;
  facetsOpen: boolean;
  onFacets: () => void;
}) {
  const { sort } = useUrl();
  const isPart = total === undefined ? search.loadMore !== undefined || search.isCapped : total > traces.length;
  return (
    <div className="results-tools">
      <Button className="facets-toggle" icon="filter" aria-pressed={facetsOpen} onClick={onFacets}>
        Facets
      </Button>
      <h2 className="strong">Traces</h2>
      {narrowedTo}
      {search.result && <span className="sec nw">{countText(traces.length, total, isPart)}</span>}
      {traces.length > 0 && <span className="mut nw">{sortText(sort, isPart, traces.length)}</span>}
      {live && (
        <span className="live-state nw">
          <span className={`st ${isPaused ? 'un' : 'live'}`} />
          {isPaused ? 'Live, paused while you read' : 'Live'}
          {rate !== undefined && !isPaused && (
            <span className="sec" data-tip="More arrives than can be read; of what is new, the newest is listed">
              {rate}
            </span>
          )}
        </span>
      )}
      {leftOut > 0 && (
        <Button kind="quiet" onClick={onShowAll}>
          List {formatCount(leftOut)} that came too fast
        </Button>
      )}
      <span className="grow" />
      <ColumnMenu />
      <span className="legend">
        {topServices(traces, LEGEND).map(service => (
          <span key={service} className="legend-item">
            <ServiceKey service={service} />
            <span className="ell">{visibleText(service) || 'no name'}</span>
          </span>
        ))}
      </span>
    </div>
  );
}

function countText(shown: number, total: number | undefined, isPart: boolean): string {
  if (total !== undefined && total > shown) return `${formatCount(shown)} of ${formatCount(total)}`;
  return isPart ? `first ${formatCount(shown)}` : formatCount(shown);
}

const WORDS: Readonly<Record<Sort['column'], readonly [string, string]>> = {
  start: ['newest first', 'oldest first'],
  duration: ['longest first', 'shortest first'],
  spans: ['most spans first', 'fewest spans first'],
  errors: ['most errors first', 'fewest errors first'],
  services: ['most services first', 'fewest services first'],
  name: ['names from Z to A', 'names from A to Z'],
};

function sortText(sort: Sort, isPart: boolean, shown: number): string {
  const words = WORDS[sort.column][sort.descending ? 0 : 1];
  const isNewest = sort.column === 'start' && sort.descending;
  return isPart && !isNewest ? `${words}, among the ${formatCount(shown)} newest` : words;
}
