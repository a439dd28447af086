import { describe, expect, it } from 'vitest';
import type { SpanId } from '#domain/ids.ts';
import { drawTrace, rowsAsText } from '#domain/testing/draw-trace.ts';
import { readDrawing } from '#domain/testing/drawing.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import { checkTraceTable } from './check-trace-table.ts';
import { missingParentGroups } from './missing-parents.ts';
import { serviceOf } from './service-of.ts';
import { ordinalOfSpan, rowOfSpan } from './span-lookup.ts';
import { timesReceived } from './times-received.ts';
import { SpanFlag, type TraceTable } from './trace-table.ts';

function flagsByName(table: TraceTable): Record<string, string[]> {
  const flagged: Record<string, string[]> = {};
  for (let row = 0; row < table.length; row++) {
    const names = Object.entries(SpanFlag).filter(([, bit]) => (table.flags[row] & bit) !== 0);
    if (names.length > 0) flagged[table.strings.at(table.name[row])] = names.map(([name]) => name);
  }
  return flagged;
}

function draw(text: string, options: Parameters<typeof drawTrace>[1] = {}): TraceTable {
  const table = drawTrace(text, options);
  expect(checkTraceTable(table)).toEqual([]);
  return table;
}

const id = (hex: string) => hex.padStart(16, '0') as SpanId;

describe('the tree', () => {
  it('is laid out in pre-order, siblings by start, whatever the order of arrival', () => {
    const lines = readDrawing(`
      gateway  GET /            |----------------|
      auth       auth              |---|
      cart       checkout              |-------|
      pay          pay                  |--|
      ship         ship                     |--|
    `);
    for (const spans of [lines, lines.toReversed(), [lines[3], lines[1], lines[4], lines[0], lines[2]]]) {
      const table = tableOfSpans(spans);
      expect(rowsAsText(table)).toEqual(['GET /', '  auth', '  checkout', '    pay', '    ship']);
      expect([...table.parent]).toEqual([-1, 0, 0, 2, 2]);
      expect([...table.subtreeEnd]).toEqual([5, 2, 5, 4, 5]);
      expect([...table.depth]).toEqual([0, 1, 1, 2, 2]);
      expect(flagsByName(table)).toEqual({});
      expect(table.damage.roots).toBe(1);
      expect(checkTraceTable(table)).toEqual([]);
    }
  });

  it('puts the longer of two siblings that start together first, then the lower span id', () => {
    const table = draw(`
      a  root    |--------|
      a    short   |-|
      a    long    |---|
      a    late #b   |-|
      a    early #a  |-|
    `);
    expect(rowsAsText(table)).toEqual(['root', '  long', '  short', '  early', '  late']);
  });

  it('groups the orphans of one missing parent, where the first of them stands', () => {
    const table = draw(`
      a  one ^aa  |--|
      a  two ^bb   |--|
      a  three ^aa      |--|
      a    leaf           |
      a  root         |-|
    `);
    expect(rowsAsText(table)).toEqual(['one', 'three', '  leaf', 'two', 'root']);
    expect(flagsByName(table)).toEqual({
      one: ['orphan'],
      two: ['orphan'],
      three: ['orphan'],
    });
    expect(missingParentGroups(table)).toEqual([
      { parentSpanId: 0xaan, rows: [0, 1] },
      { parentSpanId: 0xbbn, rows: [3] },
    ]);
    expect(table.damage).toMatchObject({ roots: 4, orphans: 3, missingParents: 2 });
  });

  it('keeps several roots, by start', () => {
    expect(
      rowsAsText(
        draw(`
      b  second      |--|
      a  first     |--|
    `),
      ),
    ).toEqual(['first', 'second']);
  });

  it('shows a span that is its own parent as a flagged root', () => {
    const table = draw(`
      a  self #a ^a  |-----|
      a    child      |--|
    `);
    expect(rowsAsText(table)).toEqual(['self', '  child']);
    expect(flagsByName(table)).toEqual({ self: ['cycleBroken'] });
    expect(table.damage.cycles).toBe(1);
  });

  it('breaks a cycle of two, and of a whole trace, at its earliest span', () => {
    const table = draw(`
      a  b #b ^a    |-----|
      a  a #a ^c  |---------|
      a  c #c ^b      |-|
      a  leaf ^c       |
    `);
    expect(rowsAsText(table)).toEqual(['a', '  b', '    c', '      leaf']);
    expect(flagsByName(table)).toEqual({ a: ['cycleBroken'] });
    expect(table.damage).toMatchObject({ cycles: 1, roots: 1 });
    expect(table.parentSpanId[0]).toBe(0xcn);
  });

  it('breaks several cycles apart from each other and from sound trees', () => {
    const table = draw(`
      a  root             |------|
      a    x #a ^b          |-|
      a    y #b ^a         |-|
      a    v #c ^d            |-|
      a    w #d ^c           |-|
      a    tail ^c              |
    `);
    expect(rowsAsText(table)).toEqual(['root', 'y', '  x', 'w', '  v', '    tail']);
    expect(table.damage).toMatchObject({ cycles: 2, roots: 3 });
  });

  it('drops identical copies and counts them', () => {
    const spans = readDrawing(`
      a  root    |------|
      a    child   |-|
    `);
    const table = tableOfSpans([...spans, spans[1], spans[0], spans[1]]);
    expect(rowsAsText(table)).toEqual(['root', '  child']);
    expect(table.damage).toMatchObject({ identicalDuplicates: 3, duplicateIds: 0 });
    expect(Array.from(table.flags, flags => flags & SpanFlag.repeated)).toEqual([SpanFlag.repeated, SpanFlag.repeated]);
    expect([0, 1].map(row => timesReceived(table, row))).toEqual([2, 3]);
    expect(checkTraceTable(table)).toEqual([]);
  });

  it('keeps different spans of one id; the earliest owns it', () => {
    const table = draw(`
      a  late #a      |---|
      a  early #a   |---|
      a    child ^a   |
    `);
    expect(rowsAsText(table)).toEqual(['early', '  child', 'late']);
    expect(flagsByName(table)).toEqual({ early: ['duplicateId'], late: ['duplicateId'] });
    expect(table.damage.duplicateIds).toBe(2);
    expect(rowOfSpan(table, id('a'))).toBe(0);
    expect([1, 2, 3].map(nth => rowOfSpan(table, id('a'), nth))).toEqual([0, 2, 0]);
    expect([0, 1, 2].map(row => ordinalOfSpan(table, row))).toEqual([1, 1, 2]);
  });

  it('hangs the server half of a shared id from the client half, and the children from the server', () => {
    const table = draw(`
      web  root                   |------------|
      web    GET @client #a         |--------|
      api    handle @server #a ^1     |----|
      api      query ^a                |-|
    `);
    expect(rowsAsText(table)).toEqual(['root', '  GET', '    handle', '      query']);
    expect(flagsByName(table)).toEqual({ handle: ['sharedId'] });
    expect(table.damage.duplicateIds).toBe(0);
    expect(rowOfSpan(table, id('a'))).toBe(1);
    expect(rowOfSpan(table, id('a'), 2)).toBe(2);
    expect([1, 2].map(row => ordinalOfSpan(table, row))).toEqual([1, 2]);
  });

  it('hangs the server below the client also when its clock is ahead', () => {
    const table = draw(`
      web  GET @client #a ^         |-----|
      api  handle @server #a ^   |-----|
    `);
    expect(rowsAsText(table)).toEqual(['GET', '  handle']);
    expect(flagsByName(table)).toEqual({ handle: ['startsBeforeParent', 'sharedId'] });
    expect(rowOfSpan(table, id('a'))).toBe(0);
  });

  it('ignores links as parentage, also to ancestors', () => {
    const table = draw(`
      a  root #a        |------|
      a    child ~a       |-|
    `);
    expect(rowsAsText(table)).toEqual(['root', '  child']);
    expect([...table.links.offset]).toEqual([0, 0, 1]);
    expect(table.links.spanId[0]).toBe(0xan);
  });

  it('takes an empty trace', () => {
    const table = tableOfSpans([]);
    expect(table).toMatchObject({ length: 0, durationNs: 0, baseUnixNano: 0n });
    expect(checkTraceTable(table)).toEqual([]);
    expect(rowOfSpan(table, id('a'))).toBe(-1);
  });
});

describe('times', () => {
  it('are exact to the nanosecond', () => {
    const table = draw(`
      a  root           |----|
      a    x +1ns         |--|
      a    y +2ns         |--|
      a    z              |--|
    `);
    expect(rowsAsText(table)).toEqual(['root', '  z', '  x', '  y']);
    expect([...table.startNs]).toEqual([0, 2_000_000, 2_000_001, 2_000_002]);
    expect(table.baseUnixNano).toBe(1_760_000_000_000_000_000n);
    expect(table.durationNs).toBe(5_000_002);
  });

  it('count from the earliest start, which need not be the root', () => {
    const table = draw(`
      a  root        |----|
      a    early   |--|
    `);
    expect([...table.startNs]).toEqual([2_000_000, 0]);
    expect(flagsByName(table)).toEqual({ early: ['startsBeforeParent'] });
  });

  it('flag spans outside their parent, but not what goes through a queue', () => {
    const table = draw(`
      a  root                |------|
      a    inside              |--|
      a    touching            |----|
      a    over                 |-----|
      a    send @producer          |-----|
      b      receive @consumer             |-----|
      b        work                           |----|
    `);
    expect(flagsByName(table)).toEqual({ over: ['endsAfterParent'], work: ['endsAfterParent'] });
    expect(table.damage.outsideParent).toBe(2);
  });

  it('tell the grain of a millisecond clock from a span outside its parent', () => {
    const coarse = `
      a  root       |---------|
      b    served    |---------|
    `;
    const columnNs = 500_000;
    const late = ['endsAfterParent'];
    expect(flagsByName(draw(coarse, { columnNs }))).toEqual({});
    expect(flagsByName(draw(coarse, { columnNs: 1_000_000 }))).toEqual({ served: late });
    const finer = { columnNs, startUnixNano: 1_763_632_800_000_000_250n };
    expect(flagsByName(draw(coarse, finer))).toEqual({ served: late });
  });

  it('inherit the start of the parent where they are missing', () => {
    const table = draw(`
      a  root         |----------|
      a    parent        |----|
      a      lost ?
      a        leaf ?
      a      open         |--?
    `);
    expect(rowsAsText(table)).toEqual(['root', '  parent', '    lost', '      leaf', '    open']);
    expect([...table.startNs]).toEqual([0, 3e6, 3e6, 3e6, 4e6]);
    expect([...table.spanDurationNs]).toEqual([11e6, 5e6, 0, 0, 0]);
    expect(flagsByName(table)).toEqual({ lost: ['noTimestamp'], leaf: ['noTimestamp'], open: ['noTimestamp'] });
    expect(table.damage.noTimestamp).toBe(3);
  });

  it('stay drawable when the root, or every span, lacks them', () => {
    const table = draw(`
      a  root ?
      a    child     |---|
    `);
    expect([...table.startNs]).toEqual([0, 0]);
    expect(table.durationNs).toBe(4e6);
    expect(
      draw(`
      a  root ?
      a    child ?
    `),
    ).toMatchObject({ length: 2, durationNs: 0, baseUnixNano: 0n });
  });

  it('flag an end before the start and leave it as reported', () => {
    const table = draw(`
      a  root       |-------|
      a    back        <--|
    `);
    expect(table.spanDurationNs[1]).toBe(-3e6);
    expect(flagsByName(table)).toEqual({ back: ['negative'] });
    expect(table.durationNs).toBe(8e6);
  });

  it('leave a span that is years away off the scale', () => {
    const table = draw(`
      a  root              |-------|
      a    child             |--|
      a    future +3650d      |--|
      a    past -3650d        |--|
    `);
    expect(flagsByName(table)).toMatchObject({
      past: ['startsBeforeParent', 'offScale'],
      future: ['endsAfterParent', 'offScale'],
    });
    expect(table.durationNs).toBe(8e6);
    expect(table.baseUnixNano).toBe(1_760_000_000_000_000_000n);
    expect(table.damage.offScale).toBe(2);
  });

  it('keep the axis when an end is the largest number there is', () => {
    const [root, child] = readDrawing(`
      a  root     |-------|
      a    child    |---|
    `);
    const table = tableOfSpans([root, { ...child, endUnixNano: 2n ** 64n - 1n }]);
    expect(flagsByName(table)).toEqual({ child: ['endsAfterParent', 'offScale'] });
    expect(table.spanDurationNs[1]).toBeGreaterThan(1.6e19);
    expect(table.durationNs).toBe(8e6);
    expect(checkTraceTable(table)).toEqual([]);
  });

  it('of a trace of 30 days are all on the scale', () => {
    expect(
      draw(`
      a  root          |
      a    late +30d   |
    `),
    ).toMatchObject({ durationNs: 30 * 86_400e9, damage: { offScale: 0 } });
  });
});

describe('names', () => {
  it('are text, whatever JavaScript makes of them', () => {
    const table = draw(`
      __proto__    constructor          |---|
      toString       hasOwnProperty __proto__=1  |
      -            nameless               |
    `);
    expect(rowsAsText(table)).toEqual(['constructor', '  hasOwnProperty', 'nameless']);
    expect([0, 1, 2].map(row => serviceOf(table, row))).toEqual(['__proto__', 'toString', '']);
    expect(table.damage.withoutService).toBe(1);
  });

  it('of kinds OTLP does not define are "other"', () => {
    expect([...draw('a  odd @99  |--|').kind]).toEqual([255]);
  });
});

describe('scale', () => {
  const base = readDrawing('a  root  |--|')[0];
  const n = 100_000;
  const hex = (i: number) => (i + 1).toString(16).padStart(16, '0');

  it('takes a chain of 100,000', () => {
    const table = tableOfSpans(
      Array.from({ length: n }, (_, i) => ({ ...base, spanId: hex(i), parentSpanId: i === 0 ? '' : hex(i - 1) })),
    );
    expect(table.depth[n - 1]).toBe(n - 1);
    expect(table.subtreeEnd[0]).toBe(n);
    expect(checkTraceTable(table)).toEqual([]);
  });

  it('takes a ring of 100,000, and 100,000 spans of one id', () => {
    const ring = Array.from({ length: n }, (_, i) => ({ ...base, spanId: hex(i), parentSpanId: hex((i + 1) % n) }));
    expect(tableOfSpans(ring)).toMatchObject({ length: n, damage: { cycles: 1, roots: 1 } });
    const same = Array.from({ length: n }, (_, i) => ({ ...base, name: `n${i}` }));
    expect(tableOfSpans(same)).toMatchObject({ length: n, damage: { duplicateIds: n, roots: n } });
  });
});
