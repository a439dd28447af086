import { scaleLinear, scaleLog } from 'd3';
import { useLayoutEffect, useMemo, useRef } from 'react';
import type { LatencyHeatmap } from '#domain/api/latency-api.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import { durationTicks } from '#views/shared/duration-ticks.ts';
import { timeTicks } from '#views/shared/time-ticks.ts';
import { valueText } from './difference-text.ts';
import { drawCells } from './draw-heatmap.ts';
import { type Cell, columnStart, type HeatGrid } from './heat-grid.ts';
import { cellAt, cellRect } from './hit-test.ts';
import { errorsText, plotSentence, unitText } from './latency-text.ts';
import type { LatencyPalette } from './palette.ts';
import { splitPlane } from './split-layout.ts';

const TIME_LABEL_PX = 84;
const DURATION_LABEL_PX = 24;

/** The heatmap of one value: a button that filters to it. */
export function SplitMap({
  name,
  value,
  heatmap,
  grid,
  width,
  hasDurations,
  palette,
  zone,
  pointed,
  onPoint,
  onChoose,
}: {
  name: string;
  value: TagValue;
  heatmap: LatencyHeatmap;
  grid: HeatGrid;
  width: number;
  /** Whether it is the first of its row, beside which durations are written. */
  hasDurations: boolean;
  palette: LatencyPalette;
  zone: TimeZoneChoice;
  /** A cell that is pointed at in one of them, ringed in all. */
  pointed: Cell | undefined;
  onPoint: (cell: Cell | undefined) => void;
  onChoose: () => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const plane = useMemo(() => splitPlane(grid, width), [grid, width]);
  const [drawnWidth, height] = [plane.columns * plane.cellWidth, plane.heat.height];
  const ticks = useMemo(() => {
    const [from, to] = [0, grid.columns].map(column => Number(columnStart(grid, column) / 1000n) / 1000) as [
      number,
      number,
    ];
    const [low, high] = [Math.max(1, grid.edgesNs[0]!), Math.max(2, grid.edgesNs[grid.rows]!)];
    const [x, y] = [scaleLinear([from, to], [0, drawnWidth]), scaleLog([low, high], [height, 0])];
    const durations = grid.rows === 0 ? [] : durationTicks(low, high, Math.floor(height / DURATION_LABEL_PX));
    return {
      times: timeTicks(from, to, zone, Math.floor(drawnWidth / TIME_LABEL_PX)).map(tick => ({
        ...tick,
        x: x(tick.unixMs),
      })),
      durations: durations.map(tick => ({ ...tick, y: y(tick.ns) })),
    };
  }, [grid, drawnWidth, height, zone]);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    element.width = Math.round(drawnWidth * ratio);
    element.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawCells(context, grid, plane, palette);
  }, [grid, plane, palette, drawnWidth, height]);

  const text = valueText(value);
  const count = unitText(heatmap.total, heatmap.of, heatmap.estimated);
  const errors = heatmap.totalErrors > 0 ? errorsText(heatmap.totalErrors) : undefined;
  const ring = pointed && pointed.column < plane.columns && pointed.row < plane.rows && cellRect(plane, pointed);
  const point = (event: React.PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    if (plane.rows > 0) onPoint(cellAt(plane, event.clientX - left, event.clientY - top));
  };
  return (
    <button
      type="button"
      className="split-map"
      aria-label={`Only ${name} = ${text}: ${count}, ${errors ?? 'no errors'}. ${plotSentence(grid, heatmap.of, heatmap.estimated)}`}
      onClick={onChoose}
    >
      <span className="split-name" data-tip={`Only ${name} = ${text}`}>
        <b className="ell">{text}</b>
        <span className="num sec nw">{count}</span>
        {errors && <span className="num nw split-errors">{errors}</span>}
      </span>
      <span
        className="split-cells"
        style={{ width: drawnWidth, height }}
        onPointerMove={point}
        onPointerLeave={() => onPoint(undefined)}
      >
        <canvas ref={canvas} style={{ width: drawnWidth, height }} />
        {ring && (
          <span className="lat-hover" style={{ left: ring.x, top: ring.y, width: ring.width, height: ring.height }} />
        )}
        {hasDurations &&
          ticks.durations.map(({ ns, label, y }) => (
            <span key={ns} className="split-y" style={{ top: y }}>
              {label}
            </span>
          ))}
      </span>
      <span className="split-times" style={{ width: drawnWidth }}>
        {ticks.times.map(({ unixMs, label, x }) => (
          <span key={unixMs} style={{ left: x }}>
            {label}
          </span>
        ))}
      </span>
    </button>
  );
}
