import type { QueryContext, SqlRow } from '#server/store/query-context.ts';

/** Ids this close are read as one range: a row that is not wanted costs less than another range. */
const MAX_GAP = 16;
/** Ranges of one statement; more would only lengthen its planning. */
const RANGES_PER_STATEMENT = 32;

/**
 * Rows of a table by its `id` column; `columns` is the select list. Ids become ranges: DuckDB (1.5) reads the wide values
 * of a whole vector for `in (…)`, but only those of the rows within for a range (12 blocks: 21 ms against 6 ms).
 */
export async function rowsById(
  context: Pick<QueryContext, 'rows'>,
  columns: string,
  table: string,
  ids: readonly number[],
): Promise<ReadonlyMap<number, SqlRow>> {
  const wanted = new Set(ids);
  const ranges = idRanges([...wanted]);
  const found = new Map<number, SqlRow>();
  for (let from = 0; from < ranges.length; from += RANGES_PER_STATEMENT) {
    // The numbers are our own and stand in the text, where zone maps see them.
    const selects = ranges
      .slice(from, from + RANGES_PER_STATEMENT)
      .map(([first, last]) => `select id, ${columns} from ${table} where id >= ${first} and id <= ${last}`);
    for (const row of await context.rows(selects.join('\nunion all\n'))) {
      const id = Number(row.id);
      if (wanted.has(id)) found.set(id, row);
    }
  }
  return found;
}

/** Ascending ranges [first, last] that hold all ids and no gap over `MAX_GAP`. */
export function idRanges(ids: readonly number[]): (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const id of Int32Array.from(ids).sort()) {
    const last = ranges.at(-1);
    if (last !== undefined && id - last[1] <= MAX_GAP) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges;
}
