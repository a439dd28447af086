import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { CountedRange } from './counted-range.ts';

/** Service → the value of a resource attribute; of several the first by alphabet. */
export async function groupsOfServices(
  { sql, range }: Pick<CountedRange, 'sql' | 'range'>,
  key: string,
): Promise<ReadonlyMap<string, string>> {
  const parts = range.segments.map(
    ({
      id,
    }) => `select r.service, v.str from (select service, unnest(attrs) as id from ${segmentTable('resources', id)}) r
      join ${segmentTable('attr_values', id)} v on v.id = r.id
      where v.scope = ${AttrScope.resource} and v.type = ${AttrType.string} and v.key = ${sql.text(key)}`,
  );
  const rows = await sql.rows(`select service, min(str) as value from (${parts.join(' union all ')}) group by service`);
  return new Map(rows.map(row => [row.service as string, row.value as string]));
}
