import type { DuckDBConnection } from '@duckdb/node-api';
import { isDamage } from './fault.ts';
import { segmentTables } from './schema/segment-table.ts';
import type { Segment } from './segment-catalog.ts';

/** A table of a segment, as it is named in SQL: `spans_12`. */
const tablePattern = new RegExp(`\\b(?:${segmentTables.join('|')})_(\\d+)\\b`, 'g');

/** Segments whose tables `sql` reads and that cannot be read whole, by reading those tables from end to end. */
export async function damagedSegments(connection: DuckDBConnection, sql: string): Promise<ReadonlySet<number>> {
  const tables = new Map([...sql.matchAll(tablePattern)].map(([table, segment]) => [table, Number(segment)]));
  const damaged = new Set<number>();
  for (const [table, segment] of tables) {
    if (!damaged.has(segment) && !(await isReadable(connection, table))) damaged.add(segment);
  }
  return damaged;
}

/** Reads every column of every row. */
async function isReadable(connection: DuckDBConnection, table: string): Promise<boolean> {
  try {
    await connection.runAndReadAll(`select max(hash(t)) from ${table} t`);
    return true;
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    return false;
  }
}

/** For the operator: what is lost, what is not, and what can be done. */
export function damageNotice({ id, spanCount }: Segment, path: string): string {
  return (
    `Segment ${id} of ${path} is damaged: its ${spanCount} spans are left out of search and traces, all others are served. ` +
    'Restore a backup, or leave it to retention.'
  );
}
