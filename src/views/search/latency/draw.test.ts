import { describe, expect, it } from 'vitest';
import type { RedSeries } from '#domain/api/latency-api.ts';
import type { PictureContext } from '#views/shared/picture/picture-context.ts';
import { drawHeatmap, stepOf } from './draw-heatmap.ts';
import { drawMarkers, drawStrips } from './draw-strips.ts';
import { gridOf } from './heat-grid.ts';
import { cellRect } from './hit-test.ts';
import type { LatencyPalette } from './palette.ts';
import { plotOf } from './plot.ts';
import { redLines } from './red-lines.ts';
import { heatmap } from './testing/heatmap.ts';

const PALETTE: LatencyPalette = {
  steps: Array.from({ length: 9 }, (_, step) => `heat${step}`),
  error: 'error',
  profile: 'profile',
  grid: 'grid',
  axis: 'axis',
  rateFill: 'rateFill',
  rateLine: 'rateLine',
  quantiles: ['p50', 'p95', 'p99'],
  marker: 'marker',
};

interface Call {
  readonly call: 'fillRect' | 'fill' | 'stroke';
  readonly style: string;
  readonly args: readonly number[];
  readonly path: readonly (readonly number[])[];
}

function recording(): { context: PictureContext; calls: Call[] } {
  const calls: Call[] = [];
  let path: number[][] = [];
  const context = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    lineJoin: 'miter',
    setLineDash: () => undefined,
    closePath: () => undefined,
    beginPath: () => {
      path = [];
    },
    moveTo: (...point: number[]) => path.push(point),
    lineTo: (...point: number[]) => path.push(point),
    fillRect: (...args: number[]) => calls.push({ call: 'fillRect', style: context.fillStyle, args, path: [] }),
    fill: () => calls.push({ call: 'fill', style: context.fillStyle, args: [], path }),
    stroke: () => calls.push({ call: 'stroke', style: context.strokeStyle, args: [], path }),
  };
  return { context: context as unknown as PictureContext, calls };
}

function drawn(map: ReturnType<typeof heatmap>, width = 852) {
  const grid = gridOf(map);
  const plot = plotOf(grid, width);
  const { context, calls } = recording();
  drawHeatmap(context, grid, plot, PALETTE);
  return { plot, calls, rects: (style: string) => calls.filter(c => c.style === style).map(c => c.args) };
}

describe('the heatmap', () => {
  it('colours cells by the logarithm of their count, the fullest in the last colour', () => {
    const { plot, rects } = drawn(
      heatmap(10, 8, [
        [0, 0, 1],
        [3, 2, 10],
        [9, 7, 100],
      ]),
    );
    const at = (column: number, row: number) => Object.values(cellRect(plot, { column, row }));
    expect(rects('heat0')).toEqual([at(0, 0)]);
    expect(rects('heat4')).toEqual([at(3, 2)]);
    expect(rects('heat8')).toEqual([at(9, 7)]);
    expect(stepOf(0.3, 100)).toBe(0);
  });

  it('shows few without making two of them an extreme', () => {
    expect([1, 2, 19].map(count => stepOf(count, 19))).toEqual([2, 3, 8]);
    expect([1, 2].map(count => stepOf(count, 2))).toEqual([2, 3]);
  });

  it('draws neighbours of one colour in a column as one, and nothing for empty cells', () => {
    const { plot, calls } = drawn(
      heatmap(4, 8, [
        [2, 3, 5],
        [2, 4, 5],
        [2, 5, 5],
      ]),
    );
    const cells = calls.filter(c => c.style.startsWith('heat'));
    expect(cells).toHaveLength(1);
    expect(cells[0]!.args[3]).toBe(3 * plot.cellHeight);
  });

  it('marks failures inside the cell by size, and leaves out few among many', () => {
    const { plot, rects } = drawn(
      heatmap(119, 28, [
        [0, 0, 100, 5],
        [1, 0, 100, 10],
        [2, 0, 100, 30],
        [3, 0, 100, 100],
      ]),
    );
    expect(rects('error').map(([, , width, height]) => [width, height])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    for (const [i, [x, y, width, height]] of rects('error').entries()) {
      const cell = cellRect(plot, { column: i + 1, row: 0 });
      expect(x).toBeGreaterThanOrEqual(cell.x);
      expect(y).toBeGreaterThanOrEqual(cell.y);
      expect(x! + width!).toBeLessThanOrEqual(cell.x + cell.width);
      expect(y! + height!).toBeLessThanOrEqual(cell.y + cell.height);
    }
  });

  it('is drawn in a bounded number of calls', () => {
    const every = Array.from(
      { length: 120 * 56 },
      (_, i) => [i % 120, Math.floor(i / 120), 1 + ((i * 7919) % 997), 1] as const,
    );
    expect(drawn(heatmap(120, 56, every)).calls.length).toBeLessThanOrEqual(2 * 120 * 56 + 56);
  });
});

const red: RedSeries = {
  of: 'traces',
  covers: '',
  estimated: false,
  observed: 0,
  startUnixNano: '0',
  stepNs: 10e9,
  columns: 5,
  counts: [10, 20, 0, 40, 0],
  errors: [0, 1, 0, 20, 0],
  p50Ns: [1e6, 2e6, -1, 3e6, -1],
  p95Ns: [2e6, 4e6, -1, 9e6, -1],
  p99Ns: [3e6, 8e6, -1, 100e6, -1],
  quantiles: 'exact',
  versions: [],
};

describe('the strips', () => {
  const plot = plotOf(gridOf(heatmap(5, 8)), 400);
  const lines = redLines(red, plot);

  it('give the rate a second and the share of failures', () => {
    expect(lines.rate).toEqual([1, 2, 0, 4, 0]);
    expect(lines.errorShare).toEqual([0, 0.05, undefined, 0.5, undefined]);
    expect(lines.mostErrors).toBe(0.5);
    expect(lines.errorHeight[3]).toBe(plot.errors.height);
  });

  it('stay within their height', () => {
    const { top, height } = plot.latency;
    for (const y of lines.quantileY.flat()) {
      if (y === undefined) continue;
      expect(y).toBeGreaterThanOrEqual(top);
      expect(y).toBeLessThanOrEqual(top + height);
    }
  });

  it('break lines where nothing ran', () => {
    const { context, calls } = recording();
    drawStrips(context, lines, plot, PALETTE, [], []);
    const p99 = calls.find(c => c.style === 'p99')!.path;
    // Two columns joined, then a dash for the one that stands alone.
    expect(p99).toHaveLength(4);
    expect(p99.every(point => point.every(Number.isFinite))).toBe(true);
  });

  it('hold with nothing in them', () => {
    const none = { ...red, counts: [0, 0, 0, 0, 0], errors: [0, 0, 0, 0, 0], p50Ns: [], p95Ns: [], p99Ns: [] };
    const empty = redLines(none, plot);
    expect(empty.latencyNs).toBeUndefined();
    const { context, calls } = recording();
    drawStrips(context, empty, plot, PALETTE, [10], [20]);
    drawMarkers(context, [100], plot, PALETTE);
    expect(calls.flatMap(c => [...c.args, ...c.path.flat()]).every(Number.isFinite)).toBe(true);
  });
});
