import { PEER_KEYS, type PeerPart } from '#domain/graph/peer-name.ts';
import { SpanKind } from '#domain/trace/trace-table.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';

const PARTS = Object.keys(PEER_KEYS) as readonly PeerPart[];
const KEYS: readonly string[] = PARTS.flatMap(part => [...PEER_KEYS[part]]);
/** Valid inside a cluster only: its first label is the name of a service. */
const CLUSTER_NAME = '^([^.]+)\\.(?:.*\\.)?(?:svc|svc\\.cluster\\.local|local)$';
const TEXTS = `scope = ${AttrScope.span} and type = ${AttrType.string} and str <> ''`;

/** Which of the keys that name peers occur in a segment, and so are worth reading. */
export interface SaidKeys {
  readonly segment: SegmentRef;
  readonly present: ReadonlySet<string>;
}

export async function saidKeys(sql: SqlBuilder, segments: readonly SegmentRef[]): Promise<readonly SaidKeys[]> {
  const known = KEYS.map(key => sql.text(key)).join(', ');
  const found: SaidKeys[] = [];
  for (const segment of segments) {
    const values = segmentTable('attr_values', segment.id);
    const rows = await sql.rows(`select distinct key from ${values} where ${TEXTS} and key in (${known})`);
    found.push({ segment, present: new Set(rows.map(({ key }) => key as string)) });
  }
  return found;
}

/** Columns of dictionary ids, in all segments the same: of the keys that occur in any. */
export function idColumns(said: readonly SaidKeys[]): readonly string[] {
  return KEYS.flatMap((key, i) => (said.some(({ present }) => present.has(key)) ? [`i${i}`] : []));
}

/** `texts_<segment>`: id, key and str of everything that a segment's spans may say of a peer. */
export function textsSql(sql: SqlBuilder, { segment, present }: SaidKeys): string {
  const keys = [...present].map(key => sql.text(key)).join(', ');
  const where = present.size === 0 ? 'false' : `${TEXTS} and key in (${keys})`;
  return `texts_${segment.id} as materialized (
    select id, key, str from ${segmentTable('attr_values', segment.id)} where ${where})`;
}

/**
 * The tables `name_<segment>`, in which each of the spans `from` (a table `s` and conditions) stands with `columns`, `seg`,
 * `is_producer` and the id of what each key says of its peer, -1 for nothing.
 */
export function sayingSpans(
  sql: SqlBuilder,
  name: string,
  { segment, present }: SaidKeys,
  ids: readonly string[],
  columns: readonly string[],
  from: string,
): string[] {
  const keyOf = (id: string) => KEYS[Number(id.slice(1))];
  const loose = ids.filter(id => present.has(keyOf(id)) && !segment.promoted.has(keyOf(id)));
  const promoted = ids.map(id => {
    const column = present.has(keyOf(id)) ? segment.promoted.get(keyOf(id)) : undefined;
    return { id, sql: column === undefined ? '-1' : `coalesce(s.${column}, -1)` };
  });
  const own = [
    ...columns.map(column => `s.${column}`),
    `${segment.id} as seg`,
    `s.kind = ${SpanKind.producer} as is_producer`,
  ];
  if (loose.length === 0) {
    const all = [...own, ...promoted.map(({ id, sql }) => `${sql} as ${id}`)];
    return [`${name}_${segment.id} as materialized (select ${all.join(', ')} from ${from})`];
  }
  const base = [
    ...own,
    's.attrs',
    ...promoted.flatMap(({ id, sql }) => (loose.includes(id) ? [] : [`${sql} as ${id}`])),
  ];
  const found = loose.map(id => `any_value(id) filter (where key = ${sql.text(keyOf(id))}) as ${id}`);
  const whole = [...columns, 'seg', 'is_producer'].map(column => `b.${column}`);
  return [
    `${name}_base_${segment.id} as materialized (select ${base.join(', ')} from ${from})`,
    `${name}_${segment.id} as materialized (
       select ${[...whole, ...ids.map(id => (loose.includes(id) ? `coalesce(u.${id}, -1) as ${id}` : `b.${id}`))].join(', ')}
       from ${name}_base_${segment.id} b left join (
         select row_id, ${found.join(', ')} from (select row_id, unnest(attrs) as id from ${name}_base_${segment.id})
         join texts_${segment.id} using (id) group by row_id) u on u.row_id = b.row_id)`,
  ];
}

/**
 * `names`: for each combination of ids in `sayings` whom it names, as `peerOf` and `serviceOfPeer`
 * (`#domain/graph/peer-name.ts`) would say it: seg, is_producer, the ids, name ('' for nobody), kind, system, destination,
 * client_only. There are few combinations, so that texts are looked at seldom.
 */
export function namesSql(said: readonly SaidKeys[], ids: readonly string[], sayings: string): string[] {
  const key = ['seg', 'is_producer', ...ids].join(', ');
  const texts = said.map(({ segment, present }) => {
    const here = ids.filter(id => present.has(KEYS[Number(id.slice(1))]));
    const joins = here.map(id => `left join texts_${segment.id} v${id} on v${id}.id = c.${id}`);
    const parts = PARTS.map(part => {
      const of = PEER_KEYS[part].map(name => `i${KEYS.indexOf(name)}`).filter(id => here.includes(id));
      return `coalesce(${[...of.map(id => `v${id}.str`), "''"].join(', ')}) as ${part}`;
    });
    return `select c.*, ${parts.join(', ')} from combinations c ${joins.join(' ')} where c.seg = ${segment.id}`;
  });
  const services = said.map(({ segment }) => `select service from ${segmentTable('resources', segment.id)}`);
  const bare = "regexp_replace(address, '^([^:]+):\\d+$', '\\1')";
  const messaging = `(destination <> '' or messagingSystem <> '' or is_producer)`;
  const first = (...names: readonly string[]) => `coalesce(${names.map(name => `nullif(${name}, '')`).join(', ')}, '')`;
  return [
    `combinations as materialized (select distinct ${key} from (${sayings}))`,
    `services as materialized (
       select lower(service) as lower, min(service) as service from (${services.join(' union all ')}) where service <> '' group by 1)`,
    `names as materialized (
       select ${key}, coalesce(svc.service, given) as name, case when svc.service is null then kind else 'service' end as kind,
         case when svc.service is null then system else '' end as system, destination, svc.service is not null as client_only
       from (
         select *,
           case when dbSystem <> '' then 'database' when ${messaging} then 'messaging' else 'external' end as kind,
           case when dbSystem <> '' then dbSystem when ${messaging} then messagingSystem else '' end as system,
           case when dbSystem <> '' then ${first('service', 'dbNamespace', bare, 'dbSystem')}
                when ${messaging} then ${first('service', 'destination', bare, 'messagingSystem')}
                else ${first('service', bare)} end as given
         from (${texts.join('\nunion all\n')})) n
       left join services svc on kind <> 'database'
         and svc.lower = coalesce(nullif(regexp_extract(lower(given), '${CLUSTER_NAME}', 1), ''), lower(given)))`,
  ];
}
