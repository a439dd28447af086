import type { DuckDBConnection } from '@duckdb/node-api';
import { bindParams } from '#server/store/read/sql-params.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import type { Segment } from '#server/store/segment-catalog.ts';

/** Pinned traces of the store that have spans in the segment: retention carries them over into one of their own. */
export async function pinnedIn(connection: DuckDBConnection, { id }: Segment): Promise<string[]> {
  const found = await connection.runAndReadAll(
    `select distinct trace_id from ${segmentTable('fragments', id)}
where trace_id in (select trace_id from pins where is_stored and gone_unix_ms is null)`,
  );
  return found.getRows().map(([traceId]) => (traceId as bigint).toString(16).padStart(32, '0'));
}

/**
 * Removes the rows of a trace from `copies`, the segments that hold what was carried over: without a pin it would have gone
 * long ago. Dictionaries and blocks stay, which other traces share. Resolves to the spans removed from each.
 */
export async function removeCarried(
  connection: DuckDBConnection,
  traceId: bigint,
  copies: readonly Segment[],
): Promise<ReadonlyMap<Segment, number>> {
  const removed = new Map<Segment, number>();
  for (const segment of copies) removed.set(segment, await removeRows(connection, segment, traceId));
  return removed;
}

async function removeRows(connection: DuckDBConnection, { id }: Segment, traceId: bigint): Promise<number> {
  const { values, types } = bindParams({ id: traceId });
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
