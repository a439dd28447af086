import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSkew } from '#domain/analysis/clock-skew.ts';
import { criticalPath } from '#domain/analysis/critical-path.ts';
import { EMPTY_CELL, NO_RESOURCE } from '#domain/analysis/overview.ts';
import { selfTimeNs } from '#domain/analysis/self-time.ts';
import { treeShape } from '#domain/analysis/tree-shape.ts';
import { workedNs, workIntervals } from '#domain/analysis/work-intervals.ts';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { SpanKind } from '#domain/trace/trace-table.ts';
import { INSET } from './camera.ts';
import { damageOf } from './damage.ts';
import { traceFacts } from './facts.ts';
import { findRows, parseFind } from './find.ts';
import { findingsOf, findingText } from './findings.ts';
import { EMPTY, minimapGrid } from './minimap.ts';
import { entryLabel } from './names.ts';
import { nextOf, placeOf, rowsOfMask } from './row-list.ts';
import { CHECKOUT, randomTrace, rowNamed } from './testing/random-trace.ts';
import { WaterfallModel } from './waterfall-model.ts';

describe('work intervals', () => {
  it('are disjoint, inside the span, and add up to the self time', () => {
    fc.assert(
      fc.property(randomTrace, table => {
        const self = selfTimeNs(table);
        for (let row = 0; row < table.length; row++) {
          const work = workIntervals(table, row);
          let last = table.startNs[row];
          for (const at of work) {
            expect(at).toBeGreaterThanOrEqual(last);
            last = at;
          }
          expect(last).toBeLessThanOrEqual(table.startNs[row] + Math.max(0, table.spanDurationNs[row]));
          // A producer does not wait for the consumers of its message.
          if (table.kind[row] !== SpanKind.producer) expect(Math.abs(workedNs(work) - self[row])).toBeLessThan(1);
        }
      }),
    );
  });
});

describe('facts', () => {
  it('counts what the header says', () => {
    const facts = traceFacts(CHECKOUT);
    expect(facts.rootRow).toBe(rowNamed(CHECKOUT, 'POST /checkout'));
    expect(facts.levels).toBe(4);
    expect(facts.serviceCount).toBe(6);
    expect(Array.from(facts.errorRows)).toEqual([rowNamed(CHECKOUT, 'POST /charge')]);
    expect(facts.lastEndNs).toBeGreaterThan(facts.rootEndNs);
  });
});

describe('row names', () => {
  it('say service, operation, status, time, share and place', () => {
    const shape = treeShape(CHECKOUT);
    expect(entryLabel(shape, rowNamed(CHECKOUT, 'POST /charge'))).toBe(
      'payment POST /charge, error, 10\u00a0ms, 26\u00a0% of trace, level 3, 1 of 3',
    );
    expect(entryLabel(shape, rowNamed(CHECKOUT, 'render'))).toContain('unknown service render');
    expect(entryLabel(shape, ~0)).toBe('Missing parent 00000000000000b2, not received, 1 span names it');
  });
});

describe('damage', () => {
  it('names each kind and leads from one to the next, round the end', () => {
    const table = drawTrace(`
      cart  GET /cart            |--------|
      cart    backwards             <--|
      db      SELECT                 |--------|
      cart  one ^aa                 |-|
      cart  two ^bb                 |-|
      cart  three ^bb                 |-|
    `);
    const damage = damageOf(treeShape(table), clockSkew(table));
    expect(damage.map(findingText)).toEqual([
      '2 missing parents, named by 3 spans',
      '1 span outside its parent’s time',
      '1 span ends before it starts',
    ]);
    const [missing, outside, negative] = damage.map(each => Array.from(each.entries?.() ?? []));
    expect(missing).toEqual([~0, ~1]);
    expect(outside).toEqual([rowNamed(table, 'SELECT')]);
    expect(negative).toEqual([rowNamed(table, 'backwards')]);
  });

  it('tells a cut cycle as a cycle, not as a further root', () => {
    const table = drawTrace(`
      cart  GET /cart #1 ^      |--------|
      cart  a #2 ^3               |-|
      cart  b #3 ^2               |-|
    `);
    expect(damageOf(treeShape(table), clockSkew(table)).map(findingText)).toEqual([
      '1 parent cycle, broken at its earliest span',
    ]);
  });

  it('says which parent is missing when it is one', () => {
    const table = drawTrace(`
      cart  one ^a1b2c3d4e5f60718     |-|
      cart  two ^a1b2c3d4e5f60718     |-|
    `);
    const [missing] = damageOf(treeShape(table), clockSkew(table));
    expect(findingText(missing)).toBe('2 spans name the parent a1b2…, which is not here');
  });

  it('is silent about a whole trace', () => {
    const whole = drawTrace('cart GET /cart |---|');
    expect(damageOf(treeShape(whole), clockSkew(whole))).toEqual([]);
  });
});

describe('find', () => {
  const table = drawTrace(`
    gateway  GET /checkout http.route='/checkout'      |--------------------|
    cart       SELECT items db.rows=3                     |--|
    pay        POST /charge !declined                          |----*----|
  `);
  const find = async (text: string): Promise<string[]> => {
    const mask = await findRows(table, parseFind(text), new AbortController().signal);
    return Array.from(rowsOfMask(mask), row => table.strings.at(table.name[row]));
  };

  it.each([
    ['checkout', ['GET /checkout']],
    ['PAY', ['POST /charge']],
    ['declined', ['POST /charge']],
    ['exception', ['POST /charge']],
    ['error', ['POST /charge']],
    ['>5ms', ['GET /checkout', 'POST /charge']],
    ['db.rows=3', ['SELECT items']],
    ['http.route="/checkout"', ['GET /checkout']],
    ['service=cart', ['SELECT items']],
    ['post error', ['POST /charge']],
    ['"select items"', ['SELECT items']],
    ['0000000000000002', ['SELECT items']],
    ['nothing', []],
    ['', []],
  ])('%s', async (text, names) => {
    expect(await find(text)).toEqual(names);
  });

  it('walks through matches both ways, round the ends', () => {
    const rows = Int32Array.of(2, 5, 9);
    expect([nextOf(rows, -1, false), nextOf(rows, 2, false), nextOf(rows, 9, false)]).toEqual([2, 5, 2]);
    expect([nextOf(rows, 9, true), nextOf(rows, 3, true), nextOf(rows, 2, true)]).toEqual([5, 2, 9]);
    expect(nextOf(Int32Array.of(), 0, false)).toBeUndefined();
    expect([placeOf(rows, 5), placeOf(rows, 6)]).toEqual([2, 0]);
  });

  it('stops when it is no longer wanted', async () => {
    const controller = new AbortController();
    const result = findRows(table, parseFind('a b c'), controller.signal);
    controller.abort();
    await expect(result).rejects.toThrow();
  });
});

describe('minimap', () => {
  it('shows the overview in the colours of services, with the air that the timeline has', () => {
    const resource = (column: number): number => [EMPTY_CELL, NO_RESOURCE, 0, 1][column];
    const overview = {
      columns: 4,
      lines: 1,
      extentNs: 100,
      cell: Int32Array.from({ length: 4 }, (_, x) => resource(x)),
    };
    const slots = { byResource: Uint8Array.of(7, 5), none: 12 };
    const { cell } = minimapGrid(overview, 200, 16 + 2 * INSET, slots);
    const air = Array(INSET).fill(EMPTY);
    const half = Array(8).fill(EMPTY);
    expect([...cell]).toEqual([...air, EMPTY, EMPTY, 12, 12, 7, 7, 5, 5, ...half, ...air]);
  });

  it('keeps what is narrower than a pixel', () => {
    const cell = new Int32Array(1000).fill(EMPTY_CELL);
    cell[500] = 0;
    const overview = { columns: 1000, lines: 1, extentNs: 1000, cell };
    const grid = minimapGrid(overview, 1000, 50, { byResource: Uint8Array.of(3), none: 12 });
    expect(grid.cell.filter(slot => slot === 3)).toHaveLength(1);
  });
});

describe('findings', () => {
  const table = drawTrace(`
    shop  GET /cart @server                |-------------------------------------|
    cart    SELECT items @client            |-|
    cart    SELECT items @client               |-|
    cart    SELECT items @client                  |-|
    cart    SELECT items @client                     |-|
    shop    POST /charge @client !                        |---|
    shop    POST /charge @client                               |---|
    shop    POST /stock @client                                     |---------|
    stock     POST /stock @server                                       |---------|
  `);
  const model = new WaterfallModel(table);
  const findings = (): Map<string, { text: string; entries: readonly number[] }> =>
    new Map(
      findingsOf(model, criticalPath(table), model.repeats.retry).map(each => [
        each.id,
        { text: findingText(each), entries: Array.from(each.entries?.() ?? []) },
      ]),
    );

  it('are sentences that lead to their spans', () => {
    const found = findings();
    expect(found.get('path')?.text).toMatch(/^Critical path: shop \d+/);
    expect(found.get('path')?.entries[0]).toBe(0);
    expect(found.get('repeats 0')).toEqual({
      text: '4 × same SELECT items in cart, 8\u00a0ms (likely N+1)',
      entries: [1, 2, 3, 4],
    });
    expect(found.get('retries')).toEqual({ text: '1 retry of POST /charge, +4\u00a0ms', entries: [6] });
    expect(found.get('skew')).toEqual({ text: 'Clock skew +4\u00a0ms on stock, shown, not corrected', entries: [8] });
    expect(found.has('outside-parent')).toBe(false);
  });

  it('add attempts that spans name themselves', () => {
    const attempts = new Uint8Array(table.length);
    attempts[1] = 3;
    model.addRetries(attempts);
    expect(Array.from(model.store.get().retry)).toEqual([0, 3, 0, 0, 0, 0, 1, 0, 0]);
  });
});
