import { memo, useLayoutEffect, useRef } from 'react';
import { drawHeatmap } from './draw-heatmap.ts';
import { drawMarkers, drawStrips } from './draw-strips.ts';
import type { HeatGrid } from './heat-grid.ts';
import type { LatencyPalette } from './palette.ts';
import type { Plot } from './plot.ts';
import type { RedLines } from './red-lines.ts';

/** The marks of strips and heatmap on one canvas. Drawn at once with what it was given, so that it never shows nothing. */
export const HeatmapCanvas = memo(function HeatmapCanvas({
  grid,
  lines,
  plot,
  palette,
  markers,
  gridX,
  gridY,
  width,
  label,
}: {
  grid: HeatGrid;
  lines: RedLines | undefined;
  plot: Plot;
  palette: LatencyPalette;
  markers: readonly number[];
  gridX: readonly number[];
  gridY: readonly number[];
  width: number;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const started = performance.now();
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(plot.heightPx * ratio)];
    if (element.width !== deviceWidth) element.width = deviceWidth;
    if (element.height !== deviceHeight) element.height = deviceHeight;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, plot.heightPx);
    if (lines) drawStrips(context, lines, plot, palette, gridX, gridY);
    drawHeatmap(context, grid, plot, palette);
    drawMarkers(context, markers, plot, palette);
    performance.measure('throughline:heatmap', { start: started, detail: { cells: grid.counts.length } });
  }, [grid, lines, plot, palette, markers, gridX, gridY, width]);
  return <canvas ref={canvas} role="img" aria-label={label} style={{ width, height: plot.heightPx }} />;
});
