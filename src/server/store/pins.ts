import type { DuckDBConnection } from '@duckdb/node-api';
import type { TraceId } from '#domain/ids.ts';
import { bindParams } from './read/sql-params.ts';
import { segmentTable } from './schema/segment-table.ts';
import type { Segment } from './segment-catalog.ts';

/** Notes that retention keeps a trace; pinning twice is pinning once. */
export async function addPin(connection: DuckDBConnection, traceId: TraceId, nowMs: number): Promise<void> {
  const { values, types } = bindParams({ id: BigInt(`0x${traceId}`), at: nowMs });
  await connection.run(
    'insert into pinned select $id::uhugeint, $at where not exists (from pinned where trace_id = $id::uhugeint)',
    values,
    types,
  );
}

/**
 * Gives up a pin. What was copied out of segments that retention has dropped goes with it, in one transaction: without the
 * pin it would have gone long ago. `copies`: the segments that hold such copies; their span counts are brought up to date.
 */
export async function removePin(
  connection: DuckDBConnection,
  traceId: TraceId,
  copies: readonly Segment[],
): Promise<void> {
  const { values, types } = bindParams({ id: BigInt(`0x${traceId}`) });
  const removed = new Map<Segment, number>();
  await connection.run('begin');
  try {
    await connection.run('delete from pinned where trace_id = $id::uhugeint', values, types);
    for (const segment of copies) removed.set(segment, await removeRows(connection, segment, { values, types }));
    await connection.run('commit');
  } catch (cause) {
    await connection.run('rollback').catch(() => undefined);
    throw cause;
  }
  for (const [segment, spans] of removed) segment.spanCount -= spans;
}

/** The rows of one trace; dictionaries and blocks stay, which other traces share. Resolves to the number of spans. */
async function removeRows(
  connection: DuckDBConnection,
  { id }: Segment,
  { values, types }: ReturnType<typeof bindParams>,
): Promise<number> {
  const spans = segmentTable('spans', id);
  for (const table of ['events', 'links'] as const) {
    await connection.run(
      `delete from ${segmentTable(table, id)} where row_id in (select row_id from ${spans} where trace_id = $id::uhugeint)`,
      values,
      types,
    );
  }
  await connection.run(`delete from ${segmentTable('fragments', id)} where trace_id = $id::uhugeint`, values, types);
  const removed = await connection.run(`delete from ${spans} where trace_id = $id::uhugeint`, values, types);
  return removed.rowsChanged;
}
