import type { AttributeVolume, ServiceVolume, StoreVolume } from '#domain/api/store-api.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import { segmentDiskSql } from './segment-disk-bytes.ts';

/** Spans whose attributes are looked at, about; more would only make it slower. */
const SAMPLE_SPANS = 100_000;
/** Rows that are sampled together: what DuckDB reads at once, so that it can skip the rest. */
const GROUP_ROWS = 2048;
const LISTED = 50;
const ALL_TIME = [-(2n ** 63n), 2n ** 63n] as const;

/** Where the bytes come from: the disk by segment, what was received by service and by attribute. */
export async function volume(context: QueryContext): Promise<StoreVolume> {
  const segments = context.segments(...ALL_TIME);
  const spans = segments.reduce((sum, { spanCount }) => sum + spanCount, 0);
  const every = Math.max(1, Math.floor(spans / SAMPLE_SPANS));
  const disk: { id: number; diskBytes: number }[] = [];
  const services = new Map<string, ServiceVolume>();
  const attributes = new Map<string, AttributeVolume>();
  let sampledSpans = 0;
  for (const segment of segments) {
    disk.push({ id: segment.id, diskBytes: await diskBytes(context, segment) });
    for (const row of await serviceRows(context, segment)) addService(services, row);
    const sample = await attributeRows(context, segment, every);
    sampledSpans += sample.spans;
    for (const row of sample.rows) addAttribute(attributes, row);
  }
  // Spans may have arrived meanwhile: what was looked at whole is exact.
  const scale = every === 1 || sampledSpans === 0 ? 1 : spans / sampledSpans;
  return {
    segments: disk,
    services: largest(services),
    attributes: largest(attributes).map(({ bytes, count, ...attribute }) => ({
      ...attribute,
      bytes: Math.round(bytes * scale),
      count: Math.round(count * scale),
    })),
    sampledSpans,
    spans: every === 1 ? sampledSpans : spans,
  };
}

async function diskBytes({ rows }: QueryContext, { id }: SegmentRef): Promise<number> {
  const [{ n, size }] = await rows(segmentDiskSql(id));
  return Number(n) * Number(size);
}

async function serviceRows({ rows }: QueryContext, { id }: SegmentRef): Promise<ServiceVolume[]> {
  const found = await rows(
    `with counted as (select service, count(*) as spans from ${segmentTable('spans', id)} group by service),
     weighed as (
       select coalesce(r.service, '') as service, sum(f.body_length) as bytes
       from (select resource_id, sum(body_length) as body_length from ${segmentTable('fragments', id)} group by 1) f
       left join ${segmentTable('resources', id)} r on r.id = f.resource_id group by 1)
     select coalesce(c.service, w.service) as service, coalesce(spans, 0)::bigint as spans, coalesce(bytes, 0)::bigint as bytes
     from counted c full join weighed w on c.service = w.service`,
  );
  return found.map(({ service, spans, bytes }) => ({
    service: String(service),
    spans: Number(spans),
    bytes: Number(bytes),
  }));
}

/** Attributes of every `every`-th group of rows, as text: keys and values as often as they are set. */
async function attributeRows(
  { rows }: QueryContext,
  { id, promoted }: SegmentRef,
  every: number,
): Promise<{ readonly spans: number; readonly rows: readonly AttributeVolume[] }> {
  const sampled = `(row_id // ${GROUP_ROWS}) % $every = 0`;
  const columns = [...promoted.values()];
  const spans = segmentTable('spans', id);
  const sources = [
    `select ${AttrScope.span} as scope, unnest(attrs) as id from ${spans} where ${sampled}`,
    ...columns.map(
      column => `select ${AttrScope.span}, ${column} from ${spans} where ${column} is not null and ${sampled}`,
    ),
    `select ${AttrScope.event}, unnest(attrs) from ${segmentTable('events', id)} where ${sampled}`,
  ];
  const found = await rows(
    `with used as (select scope, id, count(*) as n from (${sources.join(' union all ')}) group by 1, 2)
     select u.scope as scope, a.key as key, sum(u.n)::bigint as n,
       sum(u.n * (octet_length(encode(a.key)) + ${VALUE_BYTES}))::bigint as bytes
     from used u join ${segmentTable('attr_values', id)} a on a.id = u.id and a.scope = u.scope group by 1, 2`,
    { every },
  );
  const [{ n }] = await rows(`select count(*)::bigint as n from ${spans} where ${sampled}`, { every });
  return {
    spans: Number(n),
    rows: found.map(({ scope, key, n, bytes }) => ({
      scope: scope === AttrScope.event ? 'event' : 'span',
      key: String(key),
      bytes: Number(bytes),
      count: Number(n),
    })),
  };
}

/** Numbers count as the eight bytes that they are at most. */
const VALUE_BYTES = `case when a.str is not null then octet_length(encode(a.str)) else 8 end`;

function addService(all: Map<string, ServiceVolume>, { service, spans, bytes }: ServiceVolume): void {
  const known = all.get(service);
  all.set(service, { service, spans: spans + (known?.spans ?? 0), bytes: bytes + (known?.bytes ?? 0) });
}

function addAttribute(all: Map<string, AttributeVolume>, attribute: AttributeVolume): void {
  const name = `${attribute.scope} ${attribute.key}`;
  const known = all.get(name);
  const [bytes, count] = [attribute.bytes + (known?.bytes ?? 0), attribute.count + (known?.count ?? 0)];
  all.set(name, { ...attribute, bytes, count });
}

function largest<T extends { readonly bytes: number }>(all: ReadonlyMap<string, T>): T[] {
  return [...all.values()].sort((a, b) => b.bytes - a.bytes).slice(0, LISTED);
}
