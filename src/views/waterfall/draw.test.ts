import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPath } from '#domain/analysis/critical-path.ts';
import { repeatsOf } from '#domain/analysis/repeats.ts';
import { treeShape } from '#domain/analysis/tree-shape.ts';
import { nothingClosed, visibleRows } from '#domain/analysis/visible-rows.ts';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { readDrawing } from '#domain/testing/drawing.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import { SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';
import { type Camera, fitAll } from './camera.ts';
import { draw } from './draw.ts';
import { drawMinimap } from './draw-minimap.ts';
import { emptyLayout, layoutBars, ROW_HEIGHT, rowWindow } from './layout.ts';
import { EMPTY } from './minimap.ts';
import { OverflowCache, overflowOf } from './overflow.ts';
import type { Palette } from './palette.ts';
import { pathLine } from './path-steps.ts';
import type { Scene } from './scene.ts';
import { CHECKOUT, randomTrace, rowNamed } from './testing/random-trace.ts';
import { type DrawCall, recordingContext } from './testing/recording-context.ts';
import { WorkCache } from './work-cache.ts';

const WIDTH = 640;
const HEIGHT = 400;
const PALETTE: Palette = {
  surface: 'surface',
  sunk: 'sunk',
  hover: 'hover',
  selected: 'selected',
  grid: 'grid',
  ink: 'ink',
  ink2: 'ink2',
  ink3: 'ink3',
  glyph: 'glyph',
  accent: 'accent',
  error: 'error',
  warn: 'warn',
  warnInk: 'warnInk',
  path: 'path',
  pathHalo: 'pathHalo',
  working: Array.from({ length: 13 }, (_, slot) => `work${slot}`),
  waiting: Array.from({ length: 13 }, (_, slot) => `wait${slot}`),
  hatch: 'hatch',
  font: '11px sans',
};

it('the overview marks where matches start and errors end, a crowd of them once', () => {
  const { context, calls } = recordingContext();
  drawMinimap(context, {
    grid: { width: 416, height: 40, cell: new Uint8Array(416 * 40).fill(EMPTY) },
    rowCount: 40,
    spanNs: 400,
    palette: PALETTE,
    path: undefined,
    matchRows: Int32Array.of(4, 20, 20, 21),
    startNs: row => 10 * row,
    errorRows: Int32Array.of(39),
    endNs: () => 400,
    width: 416,
    height: 50,
  });
  const marks = calls.filter(({ call }) => call === 'fillRect' || call === 'fill');
  expect(marks.map(({ style }) => style)).toEqual(['accent', 'accent', 'accent', 'error']);
  const [first, second] = marks.map(({ args }) => args as number[]);
  expect(second![0]! - first![0]!, 'by time').toBeGreaterThan(100);
  expect(second![1]! - first![1]!, 'by row').toBe(16);
});

function drawn(table: TraceTable, change: Partial<Scene> & { camera?: Camera } = {}): DrawCall[] {
  const shape = treeShape(table);
  const closed = change.closed ?? nothingClosed(shape);
  const rows = visibleRows(shape, closed);
  const camera = change.camera ?? fitAll(table.durationNs, WIDTH);
  const { context, calls } = recordingContext();
  draw(context, {
    shape,
    rows,
    bars: layoutBars(shape, rows, rowWindow(0, HEIGHT, rows.count), camera, WIDTH, emptyLayout()),
    camera,
    width: WIDTH,
    height: HEIGHT,
    top: 0,
    palette: PALETTE,
    slots: Uint8Array.from(table.resources, (_, i) => i % 12),
    noService: 12,
    work: new WorkCache(table, repeatsOf(table)),
    closed,
    overflow: new OverflowCache(table),
    tickNs: new Float64Array(0),
    rootEndNs: undefined,
    hovered: -1,
    selected: -1,
    path: undefined,
    ...change,
  });
  return calls;
}

/** A root and a call of 10 ms with events at so many ns after its start. */
function tableWithEvents(offsetsNs: readonly number[]): TraceTable {
  const [root, call] = readDrawing(`
    cart  GET /cart     |-----------------|
    cart    SELECT           |---------|
  `);
  const events = offsetsNs.map(ns => ({
    timeUnixNano: call.startUnixNano + BigInt(ns),
    name: 'event',
    attributes: [],
  }));
  return tableOfSpans([root, { ...call, events }]);
}

function inRow(calls: readonly DrawCall[], row: number): DrawCall[] {
  const from = row * ROW_HEIGHT;
  return calls.filter(({ args, path, call }) => {
    const y = call.endsWith('Text') ? args[2] : call.endsWith('Rect') ? args[1] : path[0]?.[1];
    return typeof y === 'number' && y >= from && y < from + ROW_HEIGHT;
  });
}

const texts = (calls: readonly DrawCall[]): unknown[] => calls.filter(c => c.call === 'fillText').map(c => c.args[0]);

describe('drawing', () => {
  it('draws a waiting parent in its tint and what it did itself in full colour', () => {
    const table = drawTrace(`
      cart  GET /cart     |--------|
      cart    SELECT         |--|
    `);
    const fills = inRow(drawn(table), 0).filter(c => c.call === 'fill' && c.path[0]?.length === 4);
    expect(fills.map(c => c.style)).toEqual(['wait0', 'work0', 'work0']);
    expect(
      inRow(drawn(table), 1)
        .filter(c => c.call === 'fill')
        .map(c => c.style),
    ).toEqual(['work0']);
  });

  it('marks a failed span with a diamond at its exception', () => {
    const calls = drawn(CHECKOUT);
    const row = rowNamed(CHECKOUT, 'POST /charge');
    const diamonds = calls.filter(c => c.call === 'fill' && c.style === 'error');
    expect(diamonds).toHaveLength(1);
    expect(diamonds[0].path[0][1]).toBeCloseTo(row * ROW_HEIGHT + 4.5, 3);
  });

  it('draws an event as a tick inside the bar', () => {
    const table = drawTrace('cart  GET /cart  |---*---|');
    const ticks = inRow(drawn(table), 0).filter(c => c.call === 'fillRect' && c.style === 'ink');
    expect(ticks).toHaveLength(1);
    expect(ticks[0].args[2]).toBe(1.5);
  });

  it('points an arrow at events from outside the span, and leaves the label room', () => {
    const table = tableWithEvents([-5e6, 2e6, 40e6]);
    const calls = inRow(drawn(table), 1);
    const ticks = calls.filter(c => c.call === 'fillRect' && c.style === 'ink').map(c => Number(c.args[0]) + 0.75);
    const bar = calls.find(c => c.call === 'fill' && c.style.startsWith('work'))!.path[0]!;
    expect(ticks[0]).toBeCloseTo(bar[0]!, 3);
    expect(ticks.at(-1)).toBeCloseTo(bar[0]! + bar[2]!, 3);
    const arrows = calls.filter(c => c.call === 'fill' && c.style === 'ink');
    expect(arrows.map(({ path }) => Math.sign(path[0]![0]! - path[1]![0]!))).toEqual([-1, 1]);
    const label = calls.find(c => c.call === 'fillText')!;
    expect(Number(label.args[1])).toBeGreaterThan(arrows[1]!.path[0]![0]!);
  });

  it('marks a closed parent whose children stick out, to where they do', () => {
    const table = drawTrace(`
      cart  GET /cart        |------------------------------|
      cart    handle            |-----|
      cart      early         |---|
      cart      late              |---------|
    `);
    const closed = nothingClosed(treeShape(table));
    closed.rows[1] = 1;
    const threads = (calls: DrawCall[]) =>
      calls.filter(c => c.call === 'stroke' && c.style === 'warn' && c.path[0]?.[1] === ROW_HEIGHT + 9.5);
    expect(threads(drawn(table))).toHaveLength(0);
    const [before, after] = threads(drawn(table, { closed })).map(({ path }) => path);
    const xOf = (ms: number) => 4 + (ms / 31) * (WIDTH - 68);
    expect([before![0]![0], before![1]![0]]).toEqual([xOf(1), xOf(3)].map(x => expect.closeTo(x, 3)));
    expect([after![0]![0], after![1]![0]]).toEqual([xOf(9), xOf(15)].map(x => expect.closeTo(x, 3)));
  });

  it('says nothing of consumers that run on after a closed producer', () => {
    const calls = CHECKOUT.kind.indexOf(SpanKind.producer);
    const closed = nothingClosed(treeShape(CHECKOUT));
    closed.rows[calls] = 1;
    expect(overflowOf(CHECKOUT, calls)).toEqual({ fromNs: undefined, toNs: undefined });
  });

  it('hatches the time between a producer and its consumer', () => {
    const calls = drawn(CHECKOUT);
    expect(calls.filter(c => c.style === 'hatch')).toHaveLength(1);
    expect(texts(calls)).toContain('queued 6\u00a0ms');
  });

  it('outlines what hangs out of the parent', () => {
    const table = drawTrace(`
      cart  GET /cart     |-----|
      db      SELECT         |-----|
    `);
    const outline = drawn(table).filter(c => c.call === 'strokeRect' && c.style === 'warn');
    expect(outline).toHaveLength(1);
    const parentEnd = ((6 - 0) / 9) * (WIDTH - 68) + 4;
    expect(Number(outline[0].args[0])).toBeCloseTo(parentEnd, 3);
  });

  it('says what is wrong with a time instead of hiding it', () => {
    const table = drawTrace(`
      cart  GET /cart     |------------|
      cart    backwards     <--|
      cart    untimed       ?
      cart    ancient -200d |--|
    `);
    const said = texts(drawn(table)).join(' / ');
    expect(said).toContain('−3\u00a0ms (invalid)');
    expect(said).toContain('no timestamp');
    expect(said).toContain('off the scale');
  });

  it('names the edge that a bar lies beyond', () => {
    const table = drawTrace(`
      cart  GET /cart     |------------------|
      cart    early       |-|
      cart    late                       |-|
    `);
    const said = texts(drawn(table, { camera: { startNs: 6e6, widthNs: 5e6 } }));
    expect(said).toEqual(['19\u00a0ms ›', '‹ ended 2\u00a0ms', 'starts 15\u00a0ms ›']);
  });

  it('keeps bars below a pixel visible', () => {
    const table = drawTrace(`
      cart  GET /cart     |------------|
      cart    instant +4ns  |
    `);
    const bar = inRow(drawn(table), 1).find(c => c.call === 'fillRect' && c.style === 'work0');
    expect(bar?.args[2]).toBeGreaterThanOrEqual(1.5);
  });

  it('draws what is too small to be told apart as one, and what lies apart as it lies', () => {
    const [root, call] = readDrawing(`
      cart  GET /cart     |-------------------|
      cart    SELECT      |--|
    `);
    const lengthNs = Number(root.endUnixNano - root.startUnixNano);
    // 20,000 calls side by side over the first half, with as much between them; ten over the second.
    const many = Array.from({ length: 20_010 }, (_, i) => {
      const [at, length] = i < 20_000 ? [i / 40_000, 1 / 80_000] : [0.5 + (i - 20_000) / 20, 1 / 40];
      const startUnixNano = root.startUnixNano + BigInt(Math.round(at * lengthNs));
      const endUnixNano = startUnixNano + BigInt(Math.round(length * lengthNs));
      return { ...call, spanId: (i + 99).toString(16).padStart(16, '0'), startUnixNano, endUnixNano };
    });
    const calls = inRow(drawn(tableOfSpans([root, ...many])), 0).filter(({ style }) => style === 'work0');
    expect(calls.length).toBeLessThan(25);
    expect(calls.length).toBeGreaterThan(9);
  });

  it('never draws a label over a bar’s neighbourhood outside the canvas', () => {
    fc.assert(
      fc.property(randomTrace, fc.double({ min: 0, max: 0.9, noNaN: true }), (table, at) => {
        const whole = fitAll(table.durationNs, WIDTH);
        const camera = { startNs: whole.widthNs * at, widthNs: whole.widthNs * (1 - at) };
        for (const { call, args } of drawn(table, { camera })) {
          if (call !== 'fillText') continue;
          const [text, x, , align] = args as [string, number, number, string];
          const width = text.length * 6;
          const left = align === 'right' ? x - width : x;
          expect(left).toBeGreaterThanOrEqual(-1);
          expect(left + width).toBeLessThanOrEqual(WIDTH + 1);
        }
      }),
    );
  });

  it('draws rectangles of finite, sane size for any trace and zoom', () => {
    fc.assert(
      fc.property(randomTrace, fc.integer({ min: 200, max: 1_000_000 }), (table, widthNs) => {
        for (const call of drawn(table, { camera: { startNs: table.durationNs / 3, widthNs } })) {
          const numbers = [...call.args, ...call.path.flat()].filter(each => typeof each === 'number');
          for (const number of numbers) expect(Math.abs(number)).toBeLessThan(3 * WIDTH);
        }
      }),
    );
  });
});

describe('critical path line', () => {
  const shape = treeShape(CHECKOUT);
  const path = criticalPath(CHECKOUT);

  it('runs on the rows that are on the path, below their bars, above everything but labels', () => {
    const rows = visibleRows(shape, nothingClosed(shape));
    const camera = fitAll(CHECKOUT.durationNs, WIDTH);
    const line = pathLine(path, rows, camera, WIDTH);
    const calls = drawn(CHECKOUT, { path: line });
    const strokes = calls.filter(c => c.call === 'stroke' && c.style === 'path');
    const charge = rows.indexOfRow[rowNamed(CHECKOUT, 'POST /charge')];
    expect(strokes[1].path.some(point => point[1] === charge * ROW_HEIGHT + 17.5)).toBe(true);
    const lastBar = calls.findLastIndex(c => c.style.startsWith('work') || c.style.startsWith('wait'));
    const firstText = calls.findIndex(c => c.call === 'fillText');
    const halo = calls.findIndex(c => c.style === 'pathHalo');
    expect(lastBar).toBeLessThan(halo);
    expect(halo).toBeLessThan(firstText);
  });

  it('lends the row of a closed span to what is inside, in one piece', () => {
    const closed = nothingClosed(shape);
    closed.rows[rowNamed(CHECKOUT, 'POST /orders')] = 1;
    const rows = visibleRows(shape, closed);
    const line = pathLine(path, rows, fitAll(CHECKOUT.durationNs, WIDTH), WIDTH);
    const order = rows.indexOfRow[rowNamed(CHECKOUT, 'POST /orders')];
    const count = Array.from(line.index.subarray(0, line.count)).filter(index => index === order).length;
    expect(count).toBe(1);
  });

  it('stays one unbroken line in time', () => {
    fc.assert(
      fc.property(randomTrace, table => {
        const random = treeShape(table);
        const rows = visibleRows(random, nothingClosed(random));
        const line = pathLine(criticalPath(table), rows, fitAll(table.durationNs, WIDTH), WIDTH);
        for (let i = 1; i < line.count; i++) {
          expect(line.x0[i]).toBeCloseTo(line.x1[i - 1], 3);
          expect(line.index[i]).not.toBe(line.index[i - 1]);
        }
      }),
    );
  });

  it('folds in what is too short to see', () => {
    const rows = { count: 3, entry: Int32Array.of(0, 1, 2), indexOfRow: Int32Array.of(0, 1, 2) };
    const pieces = {
      row: Int32Array.of(0, 1, 0, 2, 0),
      fromNs: Float64Array.of(0, 400, 402, 800, 900),
      toNs: Float64Array.of(400, 402, 800, 900, 1000),
    };
    const line = pathLine(pieces, rows, { startNs: 0, widthNs: 1000 }, 508);
    expect(Array.from(line.index.subarray(0, line.count))).toEqual([0, 2, 0]);
  });

  it('costs what is on screen, however many pieces there are, and stays unbroken', () => {
    const pieces = 200_000;
    const rows = { count: 2, entry: Int32Array.of(0, 1), indexOfRow: Int32Array.of(0, 1) };
    const path = {
      row: Int32Array.from({ length: pieces }, (_, i) => i % 2),
      fromNs: Float64Array.from({ length: pieces }, (_, i) => i),
      toNs: Float64Array.from({ length: pieces }, (_, i) => i + 1),
    };
    const line = pathLine(path, rows, { startNs: 0, widthNs: pieces }, WIDTH);
    expect(line.count).toBeLessThan(12 * WIDTH);
    for (let i = 1; i < line.count; i++) expect(Math.abs(line.x0[i] - line.x1[i - 1])).toBeLessThan(0.01);
    expect(line.x1[line.count - 1]).toBeCloseTo(WIDTH - 4, 0);
  });
});
