import type { PrunedSegment, PruneReason } from '#domain/api/store-api.ts';
import type { QueryContext, SqlRow } from '#server/store/query-context.ts';

/** What retention dropped, the latest first. */
export async function prunedSegments(context: QueryContext, limit: number): Promise<readonly PrunedSegment[]> {
  const rows = await context.rows(`${PRUNED} order by at_unix_ms desc, segment desc limit $limit`, { limit });
  return rows.map(prunedOf);
}

/** The latest pruned segment with spans in [startNs, endNs]; undefined: none held any. */
export async function prunedAround(
  context: QueryContext,
  startNs: bigint,
  endNs: bigint,
): Promise<PrunedSegment | undefined> {
  const [row] = await context.rows(
    `${PRUNED} where from_ns <= $end and to_ns >= $start order by at_unix_ms desc limit 1`,
    { start: startNs, end: endNs },
  );
  return row && prunedOf(row);
}

const PRUNED = 'select segment, from_ns, to_ns, span_count, at_unix_ms, reason from pruned';

function prunedOf(row: SqlRow): PrunedSegment {
  return {
    segment: Number(row.segment),
    fromUnixNano: String(row.from_ns),
    toUnixNano: String(row.to_ns),
    spans: Number(row.span_count),
    atUnixMs: Number(row.at_unix_ms),
    reason: (row.reason as PruneReason | null) ?? 'unknown',
  };
}
