import { useMemo, useRef } from 'react';
import { formatPercent } from '#domain/format/number.ts';
import { useLatency } from '#state/explore/use-latency.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import type { Clock } from '#views/search/box-text.ts';
import { QueryTitle } from '#views/search/QueryTitle.tsx';
import { useFilters } from '#views/search/use-filters.ts';
import { useWhen } from '#views/search/use-when.ts';
import { useThemeVersion } from '#views/shared/colours.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { PanelFrame } from '#views/shared/panel/PanelFrame.tsx';
import { PanelWait } from '#views/shared/panel/PanelWait.tsx';
import { type Size, useSize } from '#views/shared/use-size.ts';
import { HeatmapPlot } from './HeatmapPlot.tsx';
import { gridOf } from './heat-grid.ts';
import { Legend } from './Legend.tsx';
import { unitText } from './latency-text.ts';
import { readPalette } from './palette.ts';
import { columnsFor, PANEL_HEIGHT } from './plot.ts';
import './latency.css';

/** Strips need this much height to leave room for the heatmap. */
const STRIPS_PX = 300;

/** Durations over time of a query, in a frame of another page. */
export function HeatmapPanel() {
  const filters = useFilters();
  const when = useWhen();
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const { heatmap, red, canTell, isOutdated, error, retry } = useLatency(
    filters.query,
    size && columnsFor(size.width),
    filters.error === undefined,
  );
  const grid = useMemo(() => heatmap && gridOf(heatmap), [heatmap]);
  const isShown = filters.error === undefined && error === null && heatmap !== undefined && grid !== undefined;
  return (
    <PanelFrame
      title={<QueryTitle filters={filters} />}
      facts={
        isShown && (
          <>
            <span>{unitText(heatmap.total, heatmap.of, heatmap.estimated)}</span>
            {heatmap.totalErrors > 0 && (
              <span className="err">{formatPercent(heatmap.totalErrors / heatmap.total)} errors</span>
            )}
            <span className="pn-more">
              <Legend most={grid.most} of={heatmap.of} />
            </span>
          </>
        )
      }
      when={when}
      heightPx={PANEL_HEIGHT}
    >
      <div ref={host} className={`lat-body ${isOutdated ? 'aged' : ''}`}>
        {filters.error ? (
          <EmptyState title="The query cannot be read">
            Column {filters.error.column}: {filters.error.message}.
          </EmptyState>
        ) : !canTell ? (
          <EmptyState title="This source cannot count durations over time" />
        ) : error !== null ? (
          <ErrorState error={error} onRetry={retry} />
        ) : isShown && size !== undefined ? (
          <Shown heatmap={heatmap} red={red} grid={grid} size={size} />
        ) : (
          <PanelWait text="Counting durations" />
        )}
      </div>
    </PanelFrame>
  );
}

function Shown({
  heatmap,
  red,
  grid,
  size,
}: Pick<ReturnType<typeof useLatency>, 'red'> & {
  heatmap: NonNullable<ReturnType<typeof useLatency>['heatmap']>;
  grid: ReturnType<typeof gridOf>;
  size: Size;
}) {
  const { box } = useUrl();
  const go = useGo();
  const zone = useZone();
  const { nowMs } = useResolvedRange();
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the variables resolve to
  const palette = useMemo(() => readPalette(), [theme]);
  const clock = useMemo<Clock>(() => ({ zone, nowMs }), [zone, nowMs]);
  const shape = useMemo(() => ({ heightPx: size.height, hasStrips: size.height >= STRIPS_PX }), [size.height]);
  return (
    <HeatmapPlot
      grid={grid}
      red={red}
      of={heatmap.of}
      estimated={heatmap.estimated}
      width={size.width}
      palette={palette}
      clock={clock}
      box={box}
      onBox={next => go({ box: next }, 'push')}
      legend={null}
      shape={shape}
    />
  );
}
