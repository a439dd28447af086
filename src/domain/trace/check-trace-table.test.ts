import { expect, it } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { checkTraceTable } from './check-trace-table.ts';
import type { TraceTable } from './trace-table.ts';

const sound = () =>
  drawTrace(`
    a  root          |----------|
    a    one           |--*--|
    a      inner        |-|
    a    two ~1            |-|
    a  orphan ^ff         |--|
  `);

it('finds nothing wrong with a sound table', () => {
  expect(checkTraceTable(sound())).toEqual([]);
});

// Each entry breaks one invariant in place and names what must be found.
const breaks: readonly [string, RegExp, (table: TraceTable) => unknown][] = [
  ['a parent below its child', /parent\[1\] = 3/, table => table.parent.fill(3, 1, 2)],
  ['a wrong depth', /depth\[2\] = 7/, table => table.depth.fill(7, 2, 3)],
  ['a subtree that is too long', /subtreeEnd\[1\] = 4, not 3/, table => table.subtreeEnd.fill(4, 1, 2)],
  ['a subtree that ends early', /subtreeEnd\[1\] = 2, not 3/, table => table.subtreeEnd.fill(2, 1, 2)],
  ['a row that left its subtree', /row 3 does not stand in the subtree of its parent 1/, moveTwoBelowOne],
  ['siblings out of order', /sibling 3 starts before 1/, table => table.startNs.fill(1, 3, 4)],
  ['no start at the base', /earliest start is/, table => table.startNs.fill(5, 0, 1)],
  ['a start that is no number', /startNs\[2\] = NaN/, table => table.startNs.fill(Number.NaN, 2, 3)],
  ['an unflagged negative duration', /lasts -1 ns/, table => table.spanDurationNs.fill(-1, 2, 3)],
  ['an index past its table', /name\[0\] = 99/, table => table.name.fill(99, 0, 1)],
  ['events out of their range', /events: 1 items, 4/, table => table.events.offset.fill(4, 5, 6)],
  ['links that go backwards', /links.offset falls/, table => table.links.offset.fill(9, 2, 3)],
  ['an orphan with a parent', /flagged as cut off/, table => table.flags.fill(1, 2, 3)],
];

/** `two` becomes a child of `one` while `inner`, which stands between them, is a root. */
function moveTwoBelowOne(table: TraceTable): void {
  table.parent.set([-1, 0, -1, 1]);
  table.depth.set([0, 1, 0, 2]);
}

it.each(breaks)('finds %s', (_, message, breakIt) => {
  const table = sound();
  breakIt(table);
  expect(checkTraceTable(table).join('\n')).toMatch(message);
});
