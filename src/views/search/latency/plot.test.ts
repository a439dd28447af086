import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOfCells, boxRect, cellsOfBox, draggedCells } from './box.ts';
import { gripAt, stretched } from './grips.ts';
import { bounds, type CellBox, gridOf } from './heat-grid.ts';
import { cellAt, cellRect, cellsRect, zoneAt } from './hit-test.ts';
import { columnsFor, plotOf } from './plot.ts';
import { heatmap } from './testing/heatmap.ts';

const sizes = fc.record({
  columns: fc.integer({ min: 1, max: 160 }),
  rows: fc.integer({ min: 1, max: 80 }),
  width: fc.integer({ min: 240, max: 2000 }),
});
const placed = sizes.chain(({ columns, rows, width }) => {
  const cell = fc.record({ column: fc.nat(columns - 1), row: fc.nat(rows - 1) });
  return fc.record({
    grid: fc.constant(gridOf(heatmap(columns, rows))),
    width: fc.constant(width),
    from: cell,
    to: cell,
  });
});
const middle = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => ({
  x: x + width / 2,
  y: y + height / 2,
});

describe('the plot', () => {
  it('has whole-pixel cells that fit its width, as many as were asked for', () => {
    expect(columnsFor(852)).toBe(119);
    const plot = plotOf(gridOf(heatmap(119, 28)), 852);
    expect([plot.cellWidth, plot.cellHeight]).toEqual([6, 6]);
    fc.assert(
      fc.property(sizes, ({ columns, rows, width }) => {
        const { cellWidth, cellHeight, heat } = plotOf(gridOf(heatmap(columns, rows)), width);
        expect(Number.isInteger(cellWidth) && Number.isInteger(cellHeight)).toBe(true);
        expect(heat.height).toBeLessThanOrEqual(168);
      }),
    );
  });

  it('finds the cell that it drew', () => {
    fc.assert(
      fc.property(placed, ({ grid, width, from }) => {
        const plot = plotOf(grid, width);
        const { x, y } = middle(cellRect(plot, from));
        expect(cellAt(plot, x, y)).toEqual(from);
        expect(zoneAt(plot, x, y)).toBe('cells');
      }),
    );
  });

  it('has scales that agree with its cells', () => {
    fc.assert(
      fc.property(placed, ({ grid, width, from, to }) => {
        const plot = plotOf(grid, width);
        const cells = { from, to };
        const rect = boxRect(plot, boxOfCells(grid, cells))!;
        const drawn = cellsRect(plot, cells);
        expect(rect.x).toBeCloseTo(drawn.x, 0);
        expect(rect.width).toBeCloseTo(drawn.width, 0);
        expect(rect.y).toBeCloseTo(drawn.y, 0);
        expect(rect.height).toBeCloseTo(drawn.height, 0);
      }),
    );
  });

  it('knows strips and time axis from durations and profile', () => {
    const plot = plotOf(gridOf(heatmap(20, 10)), 400);
    const { heat, left, width, rate } = plot;
    expect(zoneAt(plot, left + 5, rate.top + 3)).toBe('time');
    expect(zoneAt(plot, left + 5, heat.top + heat.height + 8)).toBe('time');
    expect(zoneAt(plot, left - 20, heat.top + 5)).toBe('duration');
    expect(zoneAt(plot, left + width + 20, heat.top + 5)).toBe('duration');
    expect(zoneAt(plot, left - 20, rate.top)).toBeUndefined();
  });

  it('without anything to show still has its strips', () => {
    const plot = plotOf(gridOf(heatmap(60, 0)), 852);
    expect(plot.heat.height).toBe(0);
    expect(plot.width).toBeGreaterThan(500);
  });
});

describe('a box', () => {
  const sorted = (cells: CellBox) => bounds(cells);

  it('of cells is those cells again', () => {
    fc.assert(
      fc.property(placed, ({ grid, from, to }) => {
        const box = boxOfCells(grid, { from, to });
        expect(sorted(cellsOfBox(grid, box)!)).toEqual(sorted({ from, to }));
      }),
    );
  });

  it('over all rows or all columns is a band, open in that axis', () => {
    const grid = gridOf(heatmap(20, 10));
    const time = boxOfCells(grid, { from: { column: 3, row: 0 }, to: { column: 5, row: 9 } });
    expect([time.minNs, time.maxNs]).toEqual([undefined, undefined]);
    expect(time.toUnixNano! - time.fromUnixNano!).toBe(90_000_000_000n);
    const duration = boxOfCells(grid, { from: { column: 0, row: 4 }, to: { column: 19, row: 6 } });
    expect([duration.fromUnixNano, duration.toUnixNano]).toEqual([undefined, undefined]);
    expect(duration.minNs).toBe(Math.ceil(2 ** 21));
  });

  it('has the bounds of whole nanoseconds, on whichever side the source counts its edges', () => {
    const grid = gridOf(heatmap(4, 2, [], { rowsPerOctave: 1, upperInclusive: true, firstRow: 20 }));
    const cell = { column: 0, row: 0 };
    // (2^20, 2^21] ns, asked as ≥ and <.
    expect(boxOfCells(grid, { from: cell, to: cell })).toMatchObject({ minNs: 2 ** 20 + 1, maxNs: 2 ** 21 + 1 });
  });

  it('outside the range is not drawn', () => {
    const grid = gridOf(heatmap(20, 10));
    const old = { fromUnixNano: 1n, toUnixNano: 2n, minNs: undefined, maxNs: undefined };
    expect(cellsOfBox(grid, old)).toBeUndefined();
    expect(boxRect(plotOf(grid, 400), old)).toBeUndefined();
  });

  it('drawn over the strips marks time alone, beside the durations duration alone', () => {
    const plot = plotOf(gridOf(heatmap(20, 10)), 400);
    const from = { x: plot.left + 1, y: plot.heat.top + 1 };
    const to = { x: from.x + 3 * plot.cellWidth, y: from.y + 2 * plot.cellHeight };
    expect(sorted(draggedCells(plot, 'time', from, to))).toEqual({ left: 0, right: 3, bottom: 0, top: 9 });
    expect(sorted(draggedCells(plot, 'duration', from, to))).toEqual({ left: 0, right: 19, bottom: 7, top: 9 });
    expect(sorted(draggedCells(plot, 'cells', from, to))).toEqual({ left: 0, right: 3, bottom: 7, top: 9 });
  });

  it('is stretched by the edge that is held, and turns over where that passes the other', () => {
    const plot = plotOf(gridOf(heatmap(20, 10)), 400);
    const cells = { from: { column: 5, row: 2 }, to: { column: 9, row: 6 } };
    const rect = cellsRect(plot, cells);
    const grip = gripAt(rect, { x: rect.x, y: rect.y + rect.height / 2 })!;
    expect(grip).toEqual({ x: 'left', y: undefined });
    const beyond = middle(cellRect(plot, { column: 12, row: 0 }));
    expect(sorted(stretched(plot, cells, grip, beyond))).toEqual({ left: 9, right: 12, bottom: 2, top: 6 });
    expect(gripAt(rect, middle(rect))).toBeUndefined();
    expect(gripAt(rect, { x: rect.x + rect.width, y: rect.y })).toEqual({ x: 'right', y: 'top' });
  });
});
