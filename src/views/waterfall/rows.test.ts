import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { closedToLevel, nothingClosed, reveal, type VisibleRows, visibleRows, withAncestors } from './rows.ts';
import { gapOfRow, levelOfRow, siblingCount, type TreeShape, treeShape } from './shape.ts';
import { CHECKOUT, randomTrace, rowNamed } from './testing/random-trace.ts';

function asText(shape: TreeShape, rows: VisibleRows): string[] {
  return Array.from(rows.entry.subarray(0, rows.count), entry =>
    entry < 0
      ? `missing ${shape.gaps.orphanCount[~entry]}`
      : '  '.repeat(levelOfRow(shape, entry) - 1) + shape.table.strings.at(shape.table.name[entry]),
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
    closed.gaps[0] = 1;
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
        expect(top).toEqual(Array.from({ length: random.topLevelCount }, (_, i) => i + 1));
      }),
    );
  });
});
