import { PEER_KEYS, type PeerPart } from '#domain/graph/peer-name.ts';
import { SpanKind } from '#domain/trace/trace-table.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { GraphRange } from './graph-range.ts';

const PARTS = Object.keys(PEER_KEYS) as readonly PeerPart[];
const KEYS: readonly string[] = PARTS.flatMap(part => [...PEER_KEYS[part]]);
/** Valid inside a cluster only: its first label is the name of a service. */
const CLUSTER_NAME = '^([^.]+)\\.(?:.*\\.)?(?:svc|svc\\.cluster\\.local|local)$';

/**
 * `peers`: whom client and producer spans called, as `peerOf` and `serviceOfPeer` (`#domain/graph/peer-name.ts`) would say it:
 * row_id, name ('' if they do not say), kind, system, destination, client_only. `rows` is the condition on the spans `s`.
 */
export async function namedPeers(sql: SqlBuilder, range: GraphRange, rows: string): Promise<readonly string[]> {
  const parts: string[] = [];
  for (const segment of range.segments) parts.push(await saidBy(sql, segment, rows));
  const services = range.segments.map(({ id }) => `select service from ${segmentTable('resources', id)}`);
  const bare = "regexp_replace(address, '^([^:]+):\\d+$', '\\1')";
  const messaging = `(destination <> '' or messagingSystem <> '' or is_producer)`;
  const first = (...names: readonly string[]) => `coalesce(${names.map(name => `nullif(${name}, '')`).join(', ')}, '')`;
  return [
    `said as materialized (${parts.join('\nunion all\n')})`,
    `services as materialized (
       select lower(service) as lower, min(service) as service from (${services.join(' union all ')}) where service <> '' group by 1)`,
    `peers as materialized (
       select row_id, coalesce(svc.service, given) as name, case when svc.service is null then kind else 'service' end as kind,
         case when svc.service is null then system else '' end as system, destination, svc.service is not null as client_only
       from (
         select row_id, destination, is_producer,
           case when dbSystem <> '' then 'database' when ${messaging} then 'messaging' else 'external' end as kind,
           case when dbSystem <> '' then dbSystem when ${messaging} then messagingSystem else '' end as system,
           case when dbSystem <> '' then ${first('service', 'dbNamespace', bare, 'dbSystem')}
                when ${messaging} then ${first('service', 'destination', bare, 'messagingSystem')}
                else ${first('service', bare)} end as given
         from said) n
       left join services svc on kind <> 'database'
         and svc.lower = coalesce(nullif(regexp_extract(lower(given), '${CLUSTER_NAME}', 1), ''), lower(given)))`,
  ];
}

/** What the spans of one segment say of their peers: row_id, is_producer and a column for each part, '' for nothing. */
async function saidBy(sql: SqlBuilder, segment: SegmentRef, rows: string): Promise<string> {
  const spans = segmentTable('spans', segment.id);
  const values = segmentTable('attr_values', segment.id);
  const texts = `scope = ${AttrScope.span} and type = ${AttrType.string} and str <> ''`;
  const known = KEYS.map(key => sql.text(key)).join(', ');
  const present = new Set(
    (await sql.rows(`select distinct key from ${values} where ${texts} and key in (${known})`)).map(({ key }) => key),
  );
  const loose = KEYS.filter(key => present.has(key) && !segment.promoted.has(key));
  const joins: string[] = [];
  for (const [i, key] of KEYS.entries()) {
    const column = segment.promoted.get(key);
    if (column === undefined || !present.has(key)) continue;
    joins.push(
      `left join (select id, str from ${values} where ${texts} and key = ${sql.text(key)}) k${i} on k${i}.id = s.${column}`,
    );
  }
  if (loose.length > 0) {
    const columns = loose.map(key => `any_value(str) filter (where key = ${sql.text(key)}) as u${KEYS.indexOf(key)}`);
    joins.push(
      `left join (select row_id, ${columns.join(', ')}
         from (select s.row_id, unnest(s.attrs) as id from ${spans} s where ${rows}) join
           (select id, key, str from ${values} where ${texts} and key in (${loose.map(key => sql.text(key)).join(', ')})) using (id)
         group by row_id) u on u.row_id = s.row_id`,
    );
  }
  const textOf = (key: string): string | undefined => {
    const i = KEYS.indexOf(key);
    if (!present.has(key)) return undefined;
    return segment.promoted.has(key) ? `k${i}.str` : `u.u${i}`;
  };
  const columns = PARTS.map(part => {
    const texts = PEER_KEYS[part].flatMap(key => textOf(key) ?? []);
    return `coalesce(${[...texts, "''"].join(', ')}) as ${part}`;
  });
  return `select s.row_id, s.kind = ${SpanKind.producer} as is_producer, ${columns.join(', ')} from ${spans} s ${joins.join(' ')} where ${rows}`;
}
