import type { VersionMark } from '#domain/api/latency-api.ts';
import type { ColumnGrid } from '#domain/latency/time-columns.ts';
import { type VersionCell, versionMarks } from '#domain/latency/version-marks.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import type { MatchingRows } from '#server/tempo/metrics/matching-rows.ts';
import { columnSql } from './heatmap.ts';
import type { LatencyUnits } from './units.ts';

const MAX_MARKS = 50;

/** When the services of the matching spans changed their `service.version`; the newest. */
export async function findVersionMarks(
  { sql, matching }: Pick<LatencyUnits, 'sql' | 'matching'>,
  grid: ColumnGrid,
): Promise<readonly VersionMark[]> {
  const known: { readonly part: MatchingRows; readonly owners: ReadonlyMap<number, Owner> }[] = [];
  const versions = new Map<string, Set<string>>();
  for (const part of matching) {
    const owners = await ownersOf(sql, part.segment.id);
    for (const { service, version } of owners.values()) {
      versions.set(service, (versions.get(service) ?? new Set()).add(version));
    }
    known.push({ part, owners });
  }
  const cells: VersionCell[] = [];
  for (const { part, owners } of known) {
    // Only of services that have had several.
    const ids = [...owners].filter(([, { service }]) => (versions.get(service)?.size ?? 0) > 1).map(([id]) => id);
    if (ids.length === 0) continue;
    const c = await sql.columns(
      `select ${columnSql(grid)} as t, resource_id as owner, count(*) as n, min(start_ns) as first, max(start_ns) as last
       from (select s.start_ns, s.resource_id from ${part.rows} and s.resource_id in (${ids.join(', ')})
         and s.start_ns >= ${grid.startNs} and s.start_ns < ${grid.endNs}) group by t, owner`,
    );
    ((c.t ?? []) as number[]).forEach((column, i) => {
      const owner = owners.get(c.owner[i] as number);
      if (owner === undefined) return;
      const [firstNs, lastNs] = [c.first[i] as bigint, c.last[i] as bigint];
      cells.push({ ...owner, column, count: Number(c.n[i]), firstNs, lastNs });
    });
  }
  return versionMarks(cells).slice(-MAX_MARKS);
}

interface Owner {
  readonly service: string;
  readonly version: string;
}

async function ownersOf(sql: LatencyUnits['sql'], segment: number): Promise<ReadonlyMap<number, Owner>> {
  const values = `select id, str from ${segmentTable('attr_values', segment)}
    where scope = ${AttrScope.resource} and key = 'service.version' and str is not null`;
  const c = await sql.columns(
    `select r.id, r.service, v.str as version
     from (select id, service, unnest(attrs) as attr from ${segmentTable('resources', segment)}) r
     join (${values}) v on v.id = r.attr`,
  );
  return new Map(
    ((c.id ?? []) as number[]).map((id, i) => [
      id,
      { service: c.service[i] as string, version: c.version[i] as string },
    ]),
  );
}
