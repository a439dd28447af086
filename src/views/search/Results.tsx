// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, which table elements do not allow
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import type { TraceId } from '#domain/ids.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { formatRowTime } from '#domain/time/clock.ts';
import { useAction } from '#state/commands/actions.ts';
import { RESULT_COLUMNS, type ResultColumn } from '#state/url/url-state.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useGo, useHref, useUrl } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { ribbonScale } from '#views/shared/ribbon/ribbon-scale.ts';
import { useRibbonColours } from '#views/shared/ribbon/use-ribbon-colours.ts';
import { scrollTopShowing, useVisibleRows } from '#views/shared/virtual-rows.ts';
import { ResultHeader } from './ResultHeader.tsx';
import { ResultRow } from './ResultRow.tsx';
import { rowsAddedOnTop, traceWindow } from './result-rows.ts';
import { useWidth } from './use-width.ts';

const ROW = 26;
const HEADER = 24;
/** More rows are asked for when this many are left below the window. */
const AHEAD = 40;

export interface ResultsProps {
  /** In the order shown. */
  readonly rows: readonly TraceSummary[];
  /** All matching traces, where known. */
  readonly total: number | undefined;
  readonly showMatched: boolean;
  readonly nowMs: number;
  readonly loadMore: (() => void) | undefined;
  readonly isFetching: boolean;
  readonly isCapped: boolean;
  /** The reader points at, has scrolled or has focused the list: it should hold still. */
  readonly onReading: (reading: boolean) => void;
  /** A plain press on a row has begun: what follows, unless the reader draws back, is a click on its link. */
  readonly onPress?: (trace: TraceSummary) => void;
}

/** The dense table of traces: rows of 26 px, only those on screen are in the document. */
export function Results(props: ResultsProps) {
  const { rows, total, showMatched, nowMs, loadMore, isFetching, isCapped, onReading, onPress } = props;
  const pane = useRef<HTMLDivElement>(null);
  const ribbonHead = useRef<HTMLSpanElement>(null);
  const zone = useZone();
  const { sort, cols } = useUrl();
  const href = useHref();
  const follow = useFollow();
  const colours = useRibbonColours();
  const visible = useVisibleRows(pane, ROW, rows.length);
  const width = useWidth(ribbonHead);
  const scale = useMemo(
    () =>
      ribbonScale(
        rows.map(row => row.durationNs),
        width,
      ),
    [rows, width],
  );
  const showDates = useMemo(
    () => rows.some(row => formatRowTime(row.startUnixNano, zone, nowMs).includes(' ')),
    [rows, zone, nowMs],
  );
  const cursor = useCursor(pane, rows);
  useKeepPlace(pane, rows);
  useReading(pane, onReading);

  useEffect(() => {
    if (loadMore && !isFetching && visible.end > rows.length - AHEAD) loadMore();
  }, [loadMore, isFetching, visible.end, rows.length]);

  const press = (event: React.PointerEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const target = event.target as Element;
    const row = target.closest('.acts') ? null : target.closest('[data-row]');
    const trace = row && rows[Number(row.getAttribute('data-row'))];
    if (trace) onPress?.(trace);
  };

  const first = Math.min(visible.first, Math.max(0, rows.length - 1));
  const shown = rows.slice(first, visible.end);
  return (
    <div
      ref={pane}
      role="grid"
      aria-label="Traces"
      aria-rowcount={(total ?? rows.length) + 1}
      aria-busy={isFetching}
      className={`results-grid ${withoutClasses(cols)} ${showMatched ? 'with-matched' : ''} ${showDates ? 'with-dates' : ''}`}
      onKeyDown={cursor.onKeyDown}
      onPointerDown={press}
      tabIndex={rows.length === 0 ? 0 : -1}
    >
      <ResultHeader sort={sort} scale={scale} showMatched={showMatched} ribbonHead={ribbonHead} />
      <div role="rowgroup" className="results-rows" style={{ height: rows.length * ROW }}>
        {shown.map((trace, offset) => (
          <ResultRow
            key={trace.traceId}
            trace={trace}
            index={first + offset}
            top={(first + offset) * ROW}
            href={href({ page: { name: 'trace', traceId: trace.traceId }, at: traceWindow(trace) })}
            isCurrent={first + offset === cursor.index}
            showMatched={showMatched}
            zone={zone}
            nowMs={nowMs}
            scale={scale}
            colours={colours}
            onFollow={follow}
            onFocus={cursor.onFocus}
          />
        ))}
      </div>
      <p className="results-end">{endSentence(rows.length, loadMore !== undefined, isCapped)}</p>
    </div>
  );
}

function withoutClasses(shown: readonly ResultColumn[]): string {
  return RESULT_COLUMNS.filter(column => !shown.includes(column))
    .map(column => `without-${column}`)
    .join(' ');
}

function endSentence(count: number, hasMore: boolean, isCapped: boolean): string {
  if (isCapped) return `The list holds ${formatCount(count)} traces. Narrow the range or the filters to see others.`;
  if (hasMore) return 'Loading more';
  return count === 1 ? 'No more traces: this is the only one' : `No more traces: these are all ${formatCount(count)}`;
}

/** Which row has the focus, by trace, so that rows coming in above do not move it. */
function useCursor(pane: React.RefObject<HTMLDivElement | null>, rows: readonly TraceSummary[]) {
  const [traceId, setTraceId] = useState<TraceId>();
  const wanted = useRef<number>(undefined);
  const go = useGo();
  const index = Math.max(0, traceId === undefined ? 0 : rows.findIndex(row => row.traceId === traceId));

  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = pane.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!row) return;
    wanted.current = undefined;
    row.focus({ preventScroll: true });
  });

  const move = (to: number) => {
    const element = pane.current;
    const row = Math.max(0, Math.min(rows.length - 1, to));
    if (!element || !rows[row]) return;
    wanted.current = row;
    setTraceId(rows[row].traceId);
    element.scrollTop = scrollTopShowing(row, element.scrollTop, element.clientHeight - HEADER, ROW);
    // The row may be in the document already and nothing be rendered anew.
    element.querySelector<HTMLElement>(`[data-row="${row}"]`)?.focus({ preventScroll: true });
  };
  const hasFocus = () => pane.current?.contains(document.activeElement) === true && traceId !== undefined;
  useAction('explore.next', () => move(hasFocus() ? index + 1 : index));
  useAction('explore.previous', () => move(hasFocus() ? index - 1 : index));
  useAction('explore.to-results', () => move(index));

  const open = (inNewTab: boolean) => {
    const link = pane.current?.querySelector<HTMLAnchorElement>(`[data-row="${index}"] .row-link`);
    if (!link) return;
    if (inNewTab) window.open(link.href, '_blank', 'noopener');
    else go({ page: { name: 'trace', traceId: rows[index]!.traceId }, at: traceWindow(rows[index]!) }, 'push');
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.closest('[role="columnheader"]')) return;
    const page = Math.floor(((pane.current?.clientHeight ?? 0) - HEADER) / ROW) - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    if (event.key === 'Enter') open(event.metaKey || event.ctrlKey);
    else if (Object.hasOwn(steps, event.key) && !event.altKey && !event.metaKey) move(steps[event.key]!);
    else return;
    event.preventDefault();
  };
  const rowsNow = useRef(rows);
  rowsNow.current = rows;
  const onFocus = useCallback((row: number) => setTraceId(rowsNow.current[row]?.traceId), []);
  return { index, onKeyDown, onFocus };
}

/** Rows that come in above a scrolled window push the window down with what it shows. */
function useKeepPlace(pane: React.RefObject<HTMLDivElement | null>, rows: readonly TraceSummary[]): void {
  const before = useRef(rows);
  useLayoutEffect(() => {
    const element = pane.current;
    if (element && element.scrollTop > 0) element.scrollTop += rowsAddedOnTop(before.current, rows) * ROW;
    before.current = rows;
  }, [pane, rows]);
}

function useReading(pane: React.RefObject<HTMLDivElement | null>, onReading: (reading: boolean) => void): void {
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    let inside = false;
    const tell = () =>
      onReading(inside || element.scrollTop > 0 || element.querySelector('[role="row"]:focus') !== null);
    const enter = () => {
      inside = true;
      tell();
    };
    const leave = () => {
      inside = false;
      tell();
    };
    element.addEventListener('pointerenter', enter);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('scroll', tell, { passive: true });
    element.addEventListener('focusin', tell);
    element.addEventListener('focusout', tell);
    return () => {
      element.removeEventListener('pointerenter', enter);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('scroll', tell);
      element.removeEventListener('focusin', tell);
      element.removeEventListener('focusout', tell);
      onReading(false);
    };
  }, [pane, onReading]);
}
