import { useEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { useAction } from '#state/commands/actions.ts';
import { describeError } from '#state/describe-error.ts';
import { rateText } from '#state/explore/live-list.ts';
import { useCellTraces } from '#state/explore/use-difference.ts';
import { useLive } from '#state/explore/use-live.ts';
import { useLiveList } from '#state/explore/use-live-list.ts';
import { type Search, useSearch } from '#state/explore/use-search.ts';
import { useStoreStatus } from '#state/explore/use-status.ts';
import { FILE_SOURCE_ID, useFiles } from '#state/files/use-files.ts';
import { choose } from '#state/prefs-store.ts';
import { rememberQuery } from '#state/query-history.ts';
import { announce } from '#state/session-store.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useBeginTrace } from '#state/use-open-trace.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { usePrefs, useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { LazyPart, lazyPart } from '#views/shared/lazy-part.tsx';
import { BoxChip } from './BoxChip.tsx';
import { isInBox, queryOfBox } from './box-query.ts';
import { Facets } from './Facets.tsx';
import { FilterBar } from './FilterBar.tsx';
import { NoFiles } from './NoFiles.tsx';
import { NoMatch } from './NoMatch.tsx';
import { Onboarding } from './Onboarding.tsx';
import { Results } from './Results.tsx';
import { ResultsSkeleton } from './ResultsSkeleton.tsx';
import { ResultsToolbar } from './ResultsToolbar.tsx';
import { rowsAddedOnTop, sortRows, traceWindow } from './result-rows.ts';
import { SampleBanner } from './SampleBanner.tsx';
import { useFilters } from './use-filters.ts';
import './explore.css';

const LatencyPanel = lazyPart(async () => (await import('./latency/LatencyPanel.tsx')).LatencyPanel);

/** Find traces: query, facets, results. An empty store shows how to fill it instead. */
export function ExplorePage() {
  const status = useStoreStatus();
  const source = useSource();
  useEffect(() => {
    document.title = 'Explore · Throughline';
  }, []);
  const { page } = useUrl();
  const hasFiles = useFiles().length > 0;
  if (source.id === FILE_SOURCE_ID) {
    // On the way to a trace of a file nothing is searched any more: the trace would wait for it.
    if (page.name !== 'explore') return null;
    if (!hasFiles) return <NoFiles />;
  }
  if (status?.spans === 0) return <Onboarding />;
  return <Explore />;
}

function Explore() {
  const { live, sort, src, box, of } = useUrl();
  const filters = useFilters();
  const part = useMemo(() => box && { ...box, query: queryOfBox(filters.query, box, of) }, [box, filters.query, of]);
  const search = useSearch(filters.query, filters.error === undefined, part);
  // Weighted counts are no number of rows.
  const inBox = useCellTraces(filters.query, of === 'traces' ? box : undefined);
  const total = part ? (inBox?.estimated ? undefined : inBox?.count) : search.total;
  const range = useResolvedRange();
  const [reading, setReading] = useState(false);
  const [showFacets, setShowFacets] = useState(false);
  useAction('explore.facets', () => setShowFacets(!showFacets));
  const source = useSource();
  const showLatency = useShowsLatency();
  const go = useGo();
  const toggleLatency = () => {
    choose({ latency: !showLatency });
    go({ chart: showLatency ? 'hidden' : 'shown' }, 'replace');
  };
  useAction('explore.latency', toggleLatency);
  useLive(live && !reading);

  const isAnswered = !search.isOutdated && !search.error && !filters.isEverything;
  useEffect(() => {
    if (isAnswered) rememberQuery(filters.text);
  }, [isAnswered, filters.text]);

  const { list, showAll } = useLiveList(search, live, `${src} ${part?.query ?? filters.query}`);
  const traces = useMemo(
    () => (box ? list.shown.filter(trace => isInBox(trace, box, of)) : list.shown),
    [list.shown, box, of],
  );
  const rows = useMemo(() => sortRows(traces, sort), [traces, sort]);
  useAnnounceNew(traces, live);
  const beginTrace = useBeginTrace();
  // A click takes a tenth of a second from press to release: the trace is on its way meanwhile. Pointing at a row asks for
  // nothing, because a trace may be large.
  const onPress = (trace: TraceSummary) =>
    beginTrace({ page: { name: 'trace', traceId: trace.traceId }, src, pin: '', at: traceWindow(trace) });
  const showMatched = !filters.isEverything && traces.some(trace => trace.matchedSpans !== undefined);
  return (
    <div className={`explore ${showFacets ? 'facets-open' : ''}`}>
      <h1 className="vh">Explore traces</h1>
      <FilterBar filters={filters} summary={<Summary search={search} />} />
      <SampleBanner />
      {search.result?.partial && !search.isOutdated && (
        <p className="note warn" role="status">
          <Icon name="warn" className="s14 wrn" />
          <span>{search.result.partial}</span>
        </p>
      )}
      <div className="explore-body">
        <Facets filters={filters} />
        <div className="explore-main">
          {source.latencyHeatmap === undefined ? null : showLatency ? (
            <LazyPart fallback={<div className="latency-place" />}>
              <LatencyPanel filters={filters} onHide={toggleLatency} />
            </LazyPart>
          ) : (
            <button type="button" className="latency-hidden" aria-expanded={false} onClick={toggleLatency}>
              <Icon name="right" className="s12" />
              Latency
            </button>
          )}
          <section className="results" aria-label="Results" aria-busy={search.isFetching}>
            <ResultsToolbar
              traces={traces}
              search={search}
              total={total}
              live={live}
              isPaused={live && reading}
              rate={live ? rateText(list.rate) : undefined}
              leftOut={list.leftOut.size}
              onShowAll={showAll}
              narrowedTo={<BoxChip />}
              onFacets={() => setShowFacets(!showFacets)}
              facetsOpen={showFacets}
            />
            {search.error && <SearchFailure search={search} hasRows={rows.length > 0} />}
            {filters.error ? (
              <EmptyState
                title="The query cannot be read"
                actions={<Button onClick={() => filters.setText('')}>Clear the query</Button>}
              >
                Column {filters.error.column}: {filters.error.message}.
              </EmptyState>
            ) : search.result === undefined ? (
              !search.error && <ResultsSkeleton />
            ) : rows.length === 0 && !search.error ? (
              search.isOutdated ? (
                <ResultsSkeleton />
              ) : (
                <NoMatch filters={filters} />
              )
            ) : (
              <div className={`results-wrap ${search.error ? 'aged' : ''}`}>
                <Results
                  rows={rows}
                  total={total}
                  showMatched={showMatched}
                  nowMs={range.nowMs}
                  loadMore={search.loadMore}
                  isFetching={search.isFetching}
                  isCapped={search.isCapped}
                  onReading={setReading}
                  onPress={onPress}
                />
              </div>
            )}
          </section>
        </div>
      </div>
    </div>
  );
}

/** A link says whether latencies over time are shown, or names something in them; else it is the reader's choice. */
function useShowsLatency(): boolean {
  const { chart, box, split } = useUrl();
  const chosen = usePrefs(prefs => prefs.latency);
  if (chart !== '') return chart !== 'hidden';
  return chosen || box !== undefined || split !== '';
}

/** At the right of the query's text: whether the list is current, and what is being waited for. */
function Summary({ search }: { search: Search }) {
  if (search.isFetching && search.isOutdated) return <span className="nw">Searching</span>;
  if (search.totalOfAll === undefined || search.error) return null;
  return (
    <span className="nw">
      <b className="sec strong">{formatCount(search.totalOfAll)}</b>{' '}
      <span className="sec">{search.totalOfAll === 1 ? 'trace matches' : 'traces match'}</span>
    </span>
  );
}

/** What failed, above the last answer, which stays readable. */
function SearchFailure({ search, hasRows }: { search: Search; hasRows: boolean }) {
  const go = useGo();
  const zone = useZone();
  const { kind } = describeError(search.error);
  const answered = formatInstant(BigInt(Math.floor(search.answeredAtMs)) * 1_000_000n, zone, 'time').slice(0, 8);
  return (
    <div className="search-failure">
      <ErrorState
        error={search.error}
        onRetry={search.retry}
        actions={
          (kind === 'timeout' || kind === 'too-large') && (
            <Button onClick={() => go({ from: 'now-15m', to: 'now' }, 'push')}>Search the last 15 min</Button>
          )
        }
      />
      {hasRows && <p className="hd">From the last answer, {answered}. Still readable.</p>}
    </div>
  );
}

const ANNOUNCE_GAP_MS = 10_000;

/** Live mode tells how many traces came in, at most every ten seconds. */
function useAnnounceNew(traces: readonly TraceSummary[], live: boolean): void {
  const before = useRef(traces);
  const waiting = useRef({ count: 0, atMs: 0 });
  useEffect(() => {
    const added = live ? rowsAddedOnTop(before.current, traces) : 0;
    before.current = traces;
    if (added === 0) return;
    const now = performance.now();
    waiting.current.count += added;
    if (now - waiting.current.atMs < ANNOUNCE_GAP_MS) return;
    announce(waiting.current.count === 1 ? '1 new trace' : `${waiting.current.count} new traces`);
    waiting.current = { count: 0, atMs: now };
  }, [traces, live]);
}
