import { useMemo, useRef } from 'react';
import type { LatencyHeatmap, RedSeries } from '#domain/api/latency-api.ts';
import { type Latency, useLatency } from '#state/explore/use-latency.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import type { Clock } from '#views/search/box-text.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { useWidth } from '#views/search/use-width.ts';
import { useThemeVersion } from '#views/shared/colours.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { LazyPart, lazyPart } from '#views/shared/lazy-part.tsx';
import { Segmented } from '#views/shared/Segmented.tsx';
import { DifferencePanel } from './DifferencePanel.tsx';
import { HeatmapPlot } from './HeatmapPlot.tsx';
import { gridOf } from './heat-grid.ts';
import { LatencyTable } from './LatencyTable.tsx';
import { Legend } from './Legend.tsx';
import { notesOf } from './notes.ts';
import { readPalette } from './palette.ts';
import { columnsFor, PANEL_HEIGHT } from './plot.ts';
import './latency.css';

const SplitMaps = lazyPart(async () => (await import('./SplitMaps.tsx')).SplitMaps);

/** Durations over time of the query at hand, and beside them what sets a marked part of them apart. */
export function LatencyPanel({ filters, onHide }: { filters: FilterBarState; onHide: () => void }) {
  const { box } = useUrl();
  return (
    <div className={`latency ${box ? 'with-box' : ''}`}>
      <Charts filters={filters} onHide={onHide} />
      <DifferencePanel filters={filters} />
    </div>
  );
}

function Charts({ filters, onHide }: { filters: FilterBarState; onHide: () => void }) {
  const { of, split, chart } = useUrl();
  const go = useGo();
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const latency = useLatency(filters.query, width > 0 ? columnsFor(width) : undefined, filters.error === undefined);
  const asTable = chart === 'table';
  const isKnown = latency.heatmap !== undefined || latency.error !== null;
  return (
    <section className="lat-charts" aria-label="Latencies over time" aria-busy={latency.isFetching}>
      <header className="lat-head">
        <h2>
          <button type="button" className="lat-title" aria-expanded={true} onClick={onHide}>
            <Icon name="down" className="s12" />
            Latency
          </button>
        </h2>
        <Segmented
          label="What is counted"
          value={of}
          options={[
            { value: 'traces', text: 'Traces' },
            { value: 'spans', text: 'Spans' },
          ]}
          onChange={value => go({ of: value, box: undefined }, 'push')}
        />
        <button
          type="button"
          className="lat-as"
          aria-pressed={asTable}
          onClick={() => go({ chart: asTable ? 'shown' : 'table' }, 'replace')}
        >
          {asTable ? 'Show the chart' : 'As a table'}
        </button>
        <Notes latency={latency} />
      </header>
      <div ref={host} className={`lat-body ${latency.isOutdated ? 'aged' : ''}`} style={{ height: PANEL_HEIGHT }}>
        {latency.error && <ErrorState error={latency.error} onRetry={latency.retry} />}
        {!isKnown && <Skeleton canTell={latency.canTell} />}
        {latency.heatmap && !latency.error && (
          <Answer heatmap={latency.heatmap} red={latency.red} width={width} asTable={asTable} />
        )}
      </div>
      {split !== '' && !filters.error && (
        <LazyPart fallback={<div className="split-place" />}>
          <SplitMaps key={split} tag={split} filters={filters} />
        </LazyPart>
      )}
    </section>
  );
}

function Answer({
  heatmap,
  red,
  width,
  asTable,
}: {
  heatmap: LatencyHeatmap;
  red: RedSeries | undefined;
  width: number;
  asTable: boolean;
}) {
  const { box } = useUrl();
  const go = useGo();
  const zone = useZone();
  const { nowMs } = useResolvedRange();
  const theme = useThemeVersion();
  const grid = useMemo(() => gridOf(heatmap), [heatmap]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the variables resolve to
  const palette = useMemo(() => readPalette(), [theme]);
  const clock = useMemo<Clock>(() => ({ zone, nowMs }), [zone, nowMs]);
  if (asTable) return <LatencyTable red={red} of={heatmap.of} clock={clock} estimated={heatmap.estimated} />;
  return (
    <HeatmapPlot
      grid={grid}
      red={red}
      of={heatmap.of}
      estimated={heatmap.estimated}
      width={width}
      palette={palette}
      clock={clock}
      box={box}
      onBox={next => go({ box: next }, 'push')}
      legend={<Legend most={grid.most} of={heatmap.of} />}
    />
  );
}

/** What the numbers are of, and how far they go: said beside them, not in a tooltip alone. */
function Notes({ latency: { heatmap, red } }: { latency: Latency }) {
  if (!heatmap) return null;
  return (
    <>
      <span className="lat-notes">
        {notesOf(heatmap, red).map(({ text, detail, isWarning }) => (
          <span key={text} className={`tag ${isWarning ? 'wrn' : ''}`} data-tip={detail}>
            {text}
          </span>
        ))}
      </span>
      <span className="lat-covers ell" data-tip={heatmap.covers}>
        {heatmap.covers}
      </span>
    </>
  );
}

/** The measures of the panel while the first answer is under way. */
function Skeleton({ canTell }: { canTell: boolean }) {
  if (!canTell) return <p className="lat-empty">This source cannot count durations over time.</p>;
  return (
    <div className="lat-skeleton" aria-hidden="true">
      <span className="sk light" />
      <span className="sk light" />
      <span className="sk light" />
      <span className="sk light tall" />
    </div>
  );
}
