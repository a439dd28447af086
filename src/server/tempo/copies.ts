import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';

/** What is known of one segment: which of its rows repeat an earlier row, up to the row that was looked at last. */
interface Known {
  readonly spanCount: number;
  readonly throughRow: bigint;
  /** Stretches of row ids, both ends included. */
  readonly copies: readonly (readonly [bigint, bigint])[];
}

const MEMORY_KEY = 'copies';
const EVER_NS = 2n ** 62n;
/** Fewer are compared one by one, more are joined. */
const MAX_RANGES = 32;

/**
 * Condition on the rows `s` of a segment that leaves out redelivered copies: rows equal to an earlier one, as the reading of
 * whole traces leaves them out. Each row is looked at once; afterwards this costs nothing unless there are copies.
 */
export async function withoutCopies(context: QueryContext, segment: SegmentRef): Promise<string> {
  const known = await knownOf(context, segment);
  const { copies } = known;
  if (copies.length === 0) return 'true';
  if (copies.length <= MAX_RANGES) {
    return `not (${copies.map(([from, to]) => `s.row_id between ${from} and ${to}`).join(' or ')})`;
  }
  const ranges = copies.map(([from, to]) => `(${from}, ${to})`).join(', ');
  return `s.row_id not in (select unnest(range(a, b + 1)) from (values ${ranges}) r(a, b))`;
}

async function knownOf(context: QueryContext, segment: SegmentRef): Promise<Known> {
  const all = (context.memory.get(MEMORY_KEY) ?? new Map()) as Map<number, Known>;
  context.memory.set(MEMORY_KEY, all);
  // With a segment the first copies go: what repeated them is no copy any more. Compaction keeps place and row ids.
  const present = new Set(context.segments(0n, EVER_NS).map(({ place }) => place));
  if ([...all.keys()].some(place => !present.has(place))) all.clear();
  const before = all.get(segment.place);
  if (before?.spanCount === segment.spanCount) return before;
  const known = await look(context, segment, before);
  all.set(segment.place, known);
  return known;
}

async function look(context: QueryContext, segment: SegmentRef, before: Known | undefined): Promise<Known> {
  const table = segmentTable('spans', segment.id);
  const seen = before?.throughRow ?? -1n;
  const [fresh] = await context.rows(
    `select max(row_id) as through, min(start_ns) as low, max(start_ns) as high from ${table} where row_id > ${seen}`,
  );
  if (fresh?.through === null || fresh?.through === undefined) {
    return { spanCount: segment.spanCount, throughRow: seen, copies: before?.copies ?? [] };
  }
  const [low, high, throughRow] = [fresh.low, fresh.high, fresh.through] as [bigint, bigint, bigint];
  // Copies start when their originals do, in whatever segment those are.
  const around = context.segments(low, high + 1n).filter(({ id }) => id !== segment.id);
  const between = `start_ns between ${low} and ${high} and row_id <= ${throughRow}`;
  const pool = (columns: string) =>
    [segment, ...around]
      .map(({ id }) => `select ${id} as segment, ${columns} from ${segmentTable('spans', id)} where ${between}`)
      .join(' union all ');
  const suspects = `select h from (${pool('row_id, hash(trace_id, span_id, start_ns) as h')}) group by h
    having count(*) > 1 and bool_or(segment = ${segment.id} and row_id > ${seen})`;
  const first = await context.rows(`${suspects} limit 1`);
  const copies = [...(before?.copies ?? [])];
  if (first.length > 0) {
    const key = 'trace_id, span_id, parent_span_id, start_ns, duration_ns, kind, status, service, name';
    const { row_id } = await context.columns(
      `select row_id from (
         select segment, row_id, row_number() over (partition by ${key} order by row_id) as place
         from (${pool(`row_id, ${key}`)}) where hash(trace_id, span_id, start_ns) in (${suspects})
       ) where place > 1 and segment = ${segment.id} and row_id > ${seen} order by row_id`,
    );
    for (const id of (row_id ?? []) as bigint[]) {
      const last = copies.at(-1);
      if (last !== undefined && last[1] + 1n === id) copies[copies.length - 1] = [last[0], id];
      else copies.push([id, id]);
    }
  }
  return { spanCount: segment.spanCount, throughRow, copies };
}
