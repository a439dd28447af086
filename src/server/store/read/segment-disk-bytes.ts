import type { DuckDBConnection } from '@duckdb/node-api';
import { segmentTable, segmentTables } from '#server/store/schema/segment-table.ts';

/** `n` blocks of `size` bytes of the file hold something of the segment; small tables share blocks, and what is only in the log counts none. */
export function segmentDiskSql(segment: number): string {
  const blocks = segmentTables.map(
    table =>
      `select block_id, additional_block_ids from pragma_storage_info('${segmentTable(table, segment)}') where persistent`,
  );
  return `with stored as (${blocks.join(' union all ')})
select (select count(distinct b) from (select block_id as b from stored where block_id >= 0
  union all select unnest(additional_block_ids) from stored))::bigint as n,
(select block_size from pragma_database_size())::bigint as size`;
}

export async function segmentDiskBytes(connection: DuckDBConnection, segment: number): Promise<number> {
  const [{ n, size }] = (await connection.runAndReadAll(segmentDiskSql(segment))).getRowObjectsJS();
  return Number(n) * Number(size);
}
