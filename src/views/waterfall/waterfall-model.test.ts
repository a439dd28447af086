import { describe, expect, it } from 'vitest';
import { criticalPath } from '#domain/analysis/critical-path.ts';
import { spanIdOf } from '#domain/ids.ts';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { carryOver } from './carry-over.ts';
import { ROW_HEIGHT } from './layout.ts';
import { traceSummary } from './summary.ts';
import { CHECKOUT, rowNamed } from './testing/random-trace.ts';
import { WaterfallModel } from './waterfall-model.ts';

function opened(): WaterfallModel {
  const model = new WaterfallModel(CHECKOUT);
  model.resize(640, 4 * ROW_HEIGHT);
  return model;
}

const row = (name: string): number => rowNamed(CHECKOUT, name);

describe('waterfall model', () => {
  it('keeps the focus on what stands for a row that is closed away', () => {
    const model = opened();
    model.focus(row('send'));
    model.setClosed(row('POST /orders'), true);
    expect(model.store.get().focused).toBe(row('POST /orders'));
  });

  it('keeps the focused row where it is on screen when rows above it close', () => {
    const model = opened();
    model.focus(row('INSERT entries'));
    const { topPx } = model.store.get();
    const y = model.indexOf(row('INSERT entries')) * ROW_HEIGHT - topPx;
    model.setClosed(row('POST /orders'), true);
    expect(model.indexOf(row('INSERT entries')) * ROW_HEIGHT - model.store.get().topPx).toBe(y);
  });

  it('opens what hides a row when it is jumped to, also a gap', () => {
    const model = opened();
    model.openToLevel(1);
    expect(model.store.get().rows.count).toBe(2);
    model.jumpTo(row('INSERT entries'));
    expect(model.indexOf(row('INSERT entries'))).toBeGreaterThan(0);
    const { topPx, heightPx } = model.store.get();
    const y = model.indexOf(row('INSERT entries')) * ROW_HEIGHT - topPx;
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(heightPx);
  });

  it('treats a gap as a row with children', () => {
    const model = opened();
    const gap = ~0;
    expect(model.parentOf(row('POST /entries'))).toBe(gap);
    expect(model.indexOf(gap)).toBe(8);
    model.setClosed(gap, true);
    expect(model.indexOf(row('POST /entries'))).toBe(-1);
    expect(model.indexOf(gap)).toBe(8);
    expect(model.isClosed(gap)).toBe(true);
  });

  it('shows only matches, and all again without them', () => {
    const model = opened();
    const mask = new Uint8Array(CHECKOUT.length);
    mask[row('send')] = 1;
    model.setMatches(mask);
    expect(model.store.get().rows.count).toBe(11);
    model.setOnlyMatches(true);
    expect(model.store.get().rows.count).toBe(4);
    expect(model.nextFrom(model.store.get().matches?.rows ?? new Int32Array(), false)).toBe(row('send'));
    model.setMatches(undefined);
    expect(model.store.get().rows.count).toBe(11);
  });

  it('follows the width while all is shown, keeps the window once zoomed', () => {
    const model = opened();
    model.resize(900, 400);
    expect(model.store.get().camera).toEqual(model.whole);
    model.zoom(0.5);
    const { camera } = model.store.get();
    model.resize(700, 400);
    expect(model.store.get().camera).toEqual(camera);
    model.fit();
    expect(model.isFitted).toBe(true);
  });

  it('never scrolls past the last row', () => {
    const model = opened();
    model.scrollTo(1e9);
    expect(model.store.get().topPx).toBe((11 - 4) * ROW_HEIGHT);
    model.openToLevel(1);
    expect(model.store.get().topPx).toBe(0);
  });

  it('zooms to the brush before the selection', () => {
    const model = opened();
    model.select(row('send'));
    model.store.set({ brush: { fromNs: 5e6, toNs: 9e6 } });
    model.lookAt(model.selectionWindow);
    expect(model.store.get().camera).toEqual({ startNs: 5e6, widthNs: 4e6 });
    model.store.set({ brush: undefined });
    model.lookAt(model.selectionWindow);
    const { startNs, widthNs } = model.store.get().camera;
    expect(startNs).toBeLessThan(CHECKOUT.startNs[row('send')]);
    expect(startNs + widthNs).toBeGreaterThan(CHECKOUT.startNs[row('send')] + CHECKOUT.spanDurationNs[row('send')]);
  });
});

describe('a refreshed trace', () => {
  it('keeps closed rows, focus, place on screen and window', () => {
    const before = new WaterfallModel(
      drawTrace(`
        cart  GET /cart #a0       |------------------|
        cart    first #a1          |---|
        cart      inner #a2         |-|
        cart    second #a3              |----|
      `),
    );
    before.resize(640, 3 * ROW_HEIGHT);
    before.setClosed(1, true);
    before.focus(3);
    before.lookAt({ startNs: 2e6, widthNs: 10e6 });
    const after = new WaterfallModel(
      drawTrace(
        `
        cart  GET /cart #a0       |------------------|
        cart    early #b1          ||
        cart    first #a1          |---|
        cart      inner #a2         |-|
        cart    second #a3              |----|
        cart    late #b2                       |--|
      `,
      ),
    );
    carryOver(before, after);
    const state = after.store.get();
    expect(spanIdOf(after.table.spanId[state.focused])).toBe('00000000000000a3');
    expect(after.isClosed(2) || after.isClosed(1)).toBe(true);
    expect(state.rows.count).toBe(5);
    expect(state.camera).toEqual({ startNs: 2e6, widthNs: 10e6 });
    const y = (model: WaterfallModel): number =>
      model.indexOf(model.store.get().focused) * ROW_HEIGHT - model.store.get().topPx;
    expect(y(after)).toBe(y(before));
  });
});

describe('a refreshed trace that is looked at far from the focus', () => {
  it('keeps what is on screen where it is', () => {
    const spans = (from: number): string =>
      Array.from({ length: 20 }, (_, i) => `cart    step ${i} #c${10 + i}  ${' '.repeat(from + i)}|-|`).join('\n');
    const before = new WaterfallModel(drawTrace(`cart  GET /cart #a0  |${'-'.repeat(30)}|\n${spans(1)}`));
    before.setGrouping(false);
    before.resize(640, 5 * ROW_HEIGHT);
    before.scrollTo(10 * ROW_HEIGHT + 7);
    const after = new WaterfallModel(
      drawTrace(`cart  GET /cart #a0  |${'-'.repeat(30)}|\ncart    early #b1   |\n${spans(1)}`),
    );
    carryOver(before, after);
    const nameAtTop = ({ store, table }: WaterfallModel): string =>
      table.strings.at(table.name[store.get().rows.entry[Math.floor(store.get().topPx / ROW_HEIGHT)]]);
    expect(nameAtTop(after)).toBe(nameAtTop(before));
    expect(after.store.get().topPx).toBe(11 * ROW_HEIGHT + 7);
  });
});

describe('summary', () => {
  it('says what ran, how long, where the time went, where it failed and what is missing', () => {
    const model = opened();
    model.store.set({ path: criticalPath(CHECKOUT) });
    const text = traceSummary(model, 'utc');
    expect(text).toContain('storefront POST /checkout: 29\u00a0ms, Thu 9 Oct 2025');
    expect(text).toContain('10 spans in 6 services, depth 4, 1 error');
    expect(text).toMatch(/Critical path: payment /);
    expect(text).toContain('Error in payment POST /charge, 10\u00a0ms: timeout');
    expect(text).toContain('1 span names the parent 0000…, which is not here.');
  });
});
