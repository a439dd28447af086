import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatsOf } from '#domain/analysis/repeats.ts';
import { hasChildren, type TreeShape, treeShape, withGroups } from '#domain/analysis/tree-shape.ts';
import {
  type Closed,
  closedAtFirst,
  nothingClosed,
  rowBuffers,
  type VisibleRows,
  visibleRows,
} from '#domain/analysis/visible-rows.ts';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { Folds } from '#state/url/url-state.ts';
import { closedBy, closedOf, foldsOf } from './folds.ts';
import { entryLabel } from './names.ts';
import { closedToLevel, reveal, withAncestors } from './rows.ts';
import { entryAbove, firstRowOf, gapOfRow, groupOfEntry, levelOf, positionOf, siblingCount } from './shape.ts';
import { CHECKOUT, randomTrace, repeatingTrace, rowNamed } from './testing/random-trace.ts';

function asText(shape: TreeShape, rows: VisibleRows): string[] {
  return Array.from(rows.entry.subarray(0, rows.count), entry =>
    entry < 0
      ? `missing ${shape.gaps.orphanCount[~entry]}`
      : '  '.repeat(levelOf(shape, entry) - 1) + shape.table.strings.at(shape.table.name[entry]),
  );
}

/** The rows a recursive reader would list, for comparison. */
function expectedRows(table: TraceTable, closed: Uint8Array, keep: Uint8Array): number[] {
  const listed: number[] = [];
  for (let row = 0; row < table.length; row++) {
    let hidden = keep[row] === 0;
    for (let up = table.parent[row]; up >= 0; up = table.parent[up]) if (closed[up] === 1) hidden = true;
    if (!hidden) listed.push(row);
  }
  return listed;
}

describe('visible rows', () => {
  const shape = treeShape(CHECKOUT);

  it('lists the tree in order, orphans below the parent they miss', () => {
    expect(asText(shape, visibleRows(shape, nothingClosed(shape)))).toEqual([
      'POST /checkout',
      '  GET /session',
      '  POST /orders',
      '    POST /charge',
      '    POST /charge',
      '    publish',
      '      send',
      '  render',
      'missing 1',
      '  POST /entries',
      '    INSERT entries',
    ]);
  });

  it('hides what is below a closed row or gap', () => {
    const closed = nothingClosed(shape);
    closed.rows[rowNamed(CHECKOUT, 'POST /orders')] = 1;
    closed.folds[0] = 1;
    const rows = visibleRows(shape, closed);
    expect(asText(shape, rows)).toEqual([
      'POST /checkout',
      '  GET /session',
      '  POST /orders',
      '  render',
      'missing 1',
    ]);
    expect(rows.indexOfRow[rowNamed(CHECKOUT, 'send')]).toBe(2);
    expect(rows.indexOfRow[rowNamed(CHECKOUT, 'INSERT entries')]).toBe(4);
  });

  it('closes to a level', () => {
    expect(asText(shape, visibleRows(shape, closedToLevel(shape, 1)))).toEqual(['POST /checkout', 'missing 1']);
    expect(asText(shape, visibleRows(shape, closedToLevel(shape, 2)))).toEqual([
      'POST /checkout',
      '  GET /session',
      '  POST /orders',
      '  render',
      'missing 1',
      '  POST /entries',
    ]);
  });

  it('shows only matches and what lies above them', () => {
    const match = new Uint8Array(CHECKOUT.length);
    match[rowNamed(CHECKOUT, 'send')] = 1;
    match[rowNamed(CHECKOUT, 'INSERT entries')] = 1;
    const rows = visibleRows(shape, nothingClosed(shape), withAncestors(shape, match));
    expect(asText(shape, rows)).toEqual([
      'POST /checkout',
      '  POST /orders',
      '    publish',
      '      send',
      'missing 1',
      '  POST /entries',
      '    INSERT entries',
    ]);
  });

  it('stands one row for the root that was not received above its fragments, by start', () => {
    const fragments = treeShape(
      drawTrace(`
        shop    later ^a1          |------|
        shop      inner              |--|
        ledger  first ^b2     |-----|
        ledger  beside ^b2     |--|
      `),
    );
    const root = ~fragments.gaps.count;
    const rows = visibleRows(fragments, nothingClosed(fragments));
    expect(Array.from(rows.entry.subarray(0, rows.count))).toEqual([root, ~0, 0, 1, ~1, 2, 3]);
    const entries = Array.from(rows.entry.subarray(0, rows.count));
    expect(entries.map(entry => levelOf(fragments, entry))).toEqual([1, 2, 3, 3, 2, 3, 4]);
    expect(entries.map(entry => positionOf(fragments, entry))).toEqual([1, 1, 1, 2, 2, 1, 1]);
    expect(entries.map(entry => siblingCount(fragments, entry))).toEqual([1, 2, 2, 2, 2, 1, 1]);
    expect(entries.map(entry => entryAbove(fragments, entry))).toEqual([undefined, root, ~0, ~0, root, ~1, 2]);
    expect(entryLabel(fragments, root)).toBe(
      '2 fragments, the root was not received, at least 12\u00a0ms, level 1, 1 of 1',
    );
    const closed = closedToLevel(fragments, 1);
    expect(visibleRows(fragments, closed).count).toBe(1);
    expect(closedOf(fragments, foldsOf(fragments, closed, 'first', 9))).toEqual(closed);
    expect(visibleRows(fragments, closedToLevel(fragments, 2)).count).toBe(3);
    expect(reveal(fragments, closed, 3)).toBe(true);
    expect(visibleRows(fragments, closed).indexOfRow[3]).toBeGreaterThan(2);
    const none = new Uint8Array(fragments.table.length);
    expect(visibleRows(fragments, nothingClosed(fragments), none).count).toBe(0);
  });

  it('has no such row where a root was received, or where all miss one parent', () => {
    expect(treeShape(CHECKOUT).rootless).toBeUndefined();
    const pair = treeShape(
      drawTrace(`
        shop  one ^a1   |--|
        shop  two ^a1     |--|
      `),
    );
    expect(pair.rootless).toBeUndefined();
    expect(entryLabel(pair, ~0)).toMatch(/, 2 spans name it, 2 fragments$/);
  });

  it('opens what hides a row', () => {
    const closed = closedToLevel(shape, 1);
    const row = rowNamed(CHECKOUT, 'INSERT entries');
    expect(reveal(shape, closed, row)).toBe(true);
    const rows = visibleRows(shape, closed);
    expect(rows.entry[rows.indexOfRow[row]]).toBe(row);
    expect(reveal(shape, closed, row)).toBe(false);
  });

  it('agrees with a plain reading of the tree, whatever is closed and kept', () => {
    fc.assert(
      fc.property(randomTrace, fc.infiniteStream(fc.boolean()), (table, coins) => {
        const random = treeShape(table);
        const closed = nothingClosed(random);
        for (let row = 0; row < table.length; row++) closed.rows[row] = coins.next().value ? 1 : 0;
        const match = Uint8Array.from({ length: table.length }, () => (coins.next().value ? 1 : 0));
        const keep = withAncestors(random, match);
        const rows = visibleRows(random, closed, keep);
        const listed = Array.from(rows.entry.subarray(0, rows.count)).filter(entry => entry >= 0);
        expect(listed).toEqual(expectedRows(table, closed.rows, keep));
        for (let row = 0; row < table.length; row++) {
          const index = rows.indexOfRow[row];
          const stand = index < 0 ? undefined : rows.entry[index];
          if (stand !== undefined && stand >= 0) expect(stand <= row && row < table.subtreeEnd[stand]).toBe(true);
          if (listed.includes(row)) expect(stand).toBe(row);
        }
      }),
    );
  });

  it('numbers siblings without holes', () => {
    fc.assert(
      fc.property(randomTrace, table => {
        const random = treeShape(table);
        const places = new Map<string, number[]>();
        for (let row = 0; row < table.length; row++) {
          const above = table.parent[row] >= 0 ? `row ${table.parent[row]}` : `gap ${gapOfRow(random.gaps, row)}`;
          places.set(above, [...(places.get(above) ?? []), random.position[row]]);
          expect(random.position[row]).toBeLessThanOrEqual(siblingCount(random, row));
        }
        for (const [above, list] of places) {
          if (above === 'gap -1') continue;
          expect(list).toEqual(list.map((_, i) => i + 1));
        }
        const top = [...(places.get('gap -1') ?? []), ...random.gaps.position].sort((a, b) => a - b);
        // Where nothing but gaps is at the top, they stand below the one entry that is.
        const count = random.rootless === undefined ? random.topLevelCount : random.gaps.count;
        expect(top).toEqual(Array.from({ length: count }, (_, i) => i + 1));
        if (random.rootless !== undefined) expect(random.topLevelCount).toBe(1);
      }),
    );
  });
});

describe('groups of repeats', () => {
  const table = drawTrace(`
    cart  GET /cart           |---------------------------|
    cart    SELECT             |-|
    db        scan              |
    cart    price                 |-|
    cart    SELECT                  |--|
    cart    SELECT !                   |--|
    cart    render                         |--|
    cart    SELECT                            |---|
  `);
  const shape = withGroups(treeShape(table), repeatsOf(table));
  const lines = (closed: Closed): string[] => {
    const rows = visibleRows(shape, closed);
    return Array.from(
      rows.entry.subarray(0, rows.count),
      entry =>
        '  '.repeat(levelOf(shape, entry) - 1) +
        table.strings.at(table.name[firstRowOf(shape, entry)]) +
        (groupOfEntry(shape, entry) < 0 ? '' : ` × ${shape.groups?.repeats.offset[1]}`) +
        ` ${positionOf(shape, entry)}/${siblingCount(shape, entry)}`,
    );
  };

  it('are one row at first', () => {
    expect(lines(closedAtFirst(shape))).toEqual(['GET /cart 1/1', '  SELECT × 4 1/3', '  price 2/3', '  render 3/3']);
  });

  it('gather their members below them when they open', () => {
    expect(lines(nothingClosed(shape))).toEqual([
      'GET /cart 1/1',
      '  SELECT × 4 1/3',
      '    SELECT 1/4',
      '      scan 1/1',
      '    SELECT 2/4',
      '    SELECT 3/4',
      '    SELECT 4/4',
      '  price 2/3',
      '  render 3/3',
    ]);
  });

  it('stand for what they hide, and open for it', () => {
    const closed = closedAtFirst(shape);
    const rows = visibleRows(shape, closed);
    const scan = rowNamed(table, 'scan');
    expect(rows.indexOfRow[scan]).toBe(1);
    expect(rows.indexOfRow[rowNamed(table, 'render')]).toBe(3);
    expect(reveal(shape, closed, scan)).toBe(true);
    expect(visibleRows(shape, closed).entry[3]).toBe(scan);
  });

  it('list every row once, whatever is closed, and stand for the rest', () => {
    fc.assert(
      fc.property(repeatingTrace, fc.infiniteStream(fc.boolean()), (random, coins) => {
        const grouped = withGroups(treeShape(random), repeatsOf(random));
        const closed = nothingClosed(grouped);
        for (const column of [closed.rows, closed.folds]) {
          for (let i = 0; i < column.length; i++) column[i] = coins.next().value ? 1 : 0;
        }
        const rows = visibleRows(grouped, closed);
        const listed = Array.from(rows.entry.subarray(0, rows.count));
        expect(new Set(listed).size).toBe(rows.count);
        for (let row = 0; row < random.length; row++) {
          let stand: number | undefined = row;
          for (let up = entryAbove(grouped, row); up !== undefined; up = entryAbove(grouped, up)) {
            if (up < 0 ? closed.folds[~up] === 1 : closed.rows[up] === 1) stand = up;
          }
          expect(rows.entry[rows.indexOfRow[row]]).toBe(stand);
        }
        for (const [i, entry] of listed.entries()) {
          const above = entryAbove(grouped, entry);
          if (above === undefined) expect(levelOf(grouped, entry)).toBe(1);
          else {
            expect(levelOf(grouped, entry)).toBe(levelOf(grouped, above) + 1);
            expect(listed.indexOf(above)).toBeLessThan(i);
          }
        }
      }),
    );
  });

  it('show only what is kept, and know what hides the rest', () => {
    fc.assert(
      fc.property(repeatingTrace, fc.infiniteStream(fc.boolean()), (random, coins) => {
        const grouped = withGroups(treeShape(random), repeatsOf(random));
        const match = Uint8Array.from({ length: random.length }, () => (coins.next().value ? 1 : 0));
        const keep = withAncestors(grouped, match);
        const buffers = rowBuffers(grouped);
        buffers.indexOfRow.fill(12_345);
        const rows = visibleRows(grouped, nothingClosed(grouped), keep, buffers);
        const listed = Array.from(rows.entry.subarray(0, rows.count)).filter(entry => entry >= 0);
        expect(listed.sort((a, b) => a - b)).toEqual([...keep.keys()].filter(row => keep[row] === 1));
        for (const index of rows.indexOfRow) expect(index).toBeLessThan(rows.count);
      }),
    );
  });

  it('number siblings without holes', () => {
    fc.assert(
      fc.property(repeatingTrace, random => {
        const grouped = withGroups(treeShape(random), repeatsOf(random));
        const rows = visibleRows(grouped, nothingClosed(grouped));
        const places = new Map<number | undefined, number[]>();
        for (const entry of rows.entry.subarray(0, rows.count)) {
          const above = entryAbove(grouped, entry);
          places.set(above, [...(places.get(above) ?? []), positionOf(grouped, entry)]);
        }
        for (const [above, list] of places) {
          expect(list).toEqual(list.map((_, i) => i + 1));
          const child = rows.entry.subarray(0, rows.count).find(entry => entryAbove(grouped, entry) === above);
          expect(siblingCount(grouped, child ?? 0)).toBe(list.length);
        }
      }),
    );
  });

  it('are opened and closed by links, exactly', () => {
    fc.assert(
      fc.property(
        repeatingTrace,
        fc.infiniteStream(fc.boolean()),
        fc.constantFrom<Folds['base'][]>('first', 'all', 1, 2, 3),
        (random, coins, base) => {
          const grouped = withGroups(treeShape(random), repeatsOf(random));
          const closed = closedBy(grouped, base);
          for (let row = 0; row < random.length; row++) {
            if (hasChildren(grouped, row) && coins.next().value) closed.rows[row] ^= 1;
          }
          for (let fold = 0; fold < closed.folds.length; fold++) if (coins.next().value) closed.folds[fold] ^= 1;
          const restored = closedOf(grouped, foldsOf(grouped, closed, base, 1000));
          expect(restored).toEqual(closed);
        },
      ),
    );
  });
});
