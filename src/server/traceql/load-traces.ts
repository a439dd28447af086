import { type ChildData, type Instrumentation, type SpanColumns, TraceData } from '#domain/traceql/run/trace-data.ts';
import type { Value } from '#domain/traceql/run/value.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import { valueAt } from './dictionary.ts';
import type { FieldNeeds } from './field-needs.ts';
import type { Among, Predicate } from './predicate.ts';
import type { SqlBuilder } from './sql-params.ts';

/** What to load of traces beside their plain columns. */
export interface LoadPlan {
  readonly sql: SqlBuilder;
  readonly segments: readonly SegmentRef[];
  readonly needs: FieldNeeds;
  /** Per segment (by id) and filter: its predicate, judged in SQL where it is exact. */
  readonly filters: ReadonlyMap<number, readonly Predicate[]>;
  /** Attributes are wanted of those spans only of which the first filter holds. */
  readonly ofMatching?: boolean;
}

type Values = ReadonlyMap<number, { readonly key: string; readonly value: Value }>;
type Attributes = ReadonlyMap<string, Value>;

const NO_ATTRIBUTES: Attributes = new Map();

/** Spans that are held as objects at once. */
export const MAX_LOADED_SPANS = 150_000;

/** The traces asked for have more spans than are held at once. */
export class TooManySpans extends Error {
  override readonly name = 'TooManySpans';
}

/** Loads whole traces, or only the given rows of them. Rejects with `TooManySpans`. */
export async function loadTraces(
  plan: LoadPlan,
  traceIds: readonly bigint[],
  rows?: ReadonlySet<bigint>,
): Promise<ReadonlyMap<bigint, TraceData>> {
  const spans = new Map<bigint, SpanColumns[]>();
  if (traceIds.length > 0) {
    const traces = ` where trace_id in (${traceIds.map(id => `${id}::uhugeint`).join(', ')})`;
    const segments = rows === undefined ? await segmentsWith(plan, traces) : plan.segments;
    for (const segment of segments) {
      const among = rows === undefined ? await stretchOf(plan, segment, traces) : { rows: chosenRows(rows), traces };
      if (among !== undefined) await loadSegment(plan, segment, among, spans);
    }
  }
  return new Map([...spans].map(([id, columns]) => [id, new TraceData(id, columns)]));
}

/** The segments that hold spans of the traces: there are fewer fragments than spans to look through. */
async function segmentsWith({ sql, segments }: LoadPlan, traces: string): Promise<readonly SegmentRef[]> {
  if (segments.length < 2) return segments;
  const found = new Set<number>();
  for (let from = 0; from < segments.length; from += SEGMENTS_PER_STATEMENT) {
    const parts = segments
      .slice(from, from + SEGMENTS_PER_STATEMENT)
      .map(
        ({ id }) => `select ${id}::integer as segment from ${segmentTable('fragments', id)}${traces} group by segment`,
      );
    const { segment = [] } = await sql.columns(parts.join(' union all '));
    for (const id of segment) found.add(id as number);
  }
  return segments.filter(({ id }) => found.has(id));
}

const SEGMENTS_PER_STATEMENT = 32;

/**
 * Between which rows the traces lie; undefined if there are none. A list of ids is a join to DuckDB (1.5), which reads every
 * column of every row before it: this way it reads one column of the segment and all columns of a stretch (15 ms → 8 ms).
 */
async function stretchOf({ sql }: LoadPlan, segment: SegmentRef, traces: string): Promise<Among | undefined> {
  const table = segmentTable('spans', segment.id);
  const [found] = await sql.rows(
    `select min(row_id) as low, max(row_id) as high, count(*) as n from ${table}${traces}`,
  );
  if (Number(found.n) === 0) return undefined;
  if (Number(found.n) > MAX_LOADED_SPANS) throw new TooManySpans();
  return { rows: `${traces} and row_id between ${found.low} and ${found.high}`, traces };
}

/** Row ids ascend with time: whole row groups are passed over. */
function chosenRows(rows: ReadonlySet<bigint>): string {
  let [low, high] = [MAX_ROW_ID, 0n];
  for (const row of rows) {
    if (row < low) low = row;
    if (row > high) high = row;
  }
  return ` where row_id between ${low} and ${high} and row_id in (${[...rows].join(', ')})`;
}

const MAX_ROW_ID = 2n ** 63n - 1n;

async function loadSegment(
  plan: LoadPlan,
  segment: SegmentRef,
  among: Among,
  out: Map<bigint, SpanColumns[]>,
): Promise<void> {
  const { sql, needs } = plan;
  const filters = plan.filters.get(segment.id) ?? [];
  const judged = filters.map(f => f.exact && f.constant === undefined);
  const promoted = [...needs.spanKeys].flatMap(key => segment.promoted.get(key) ?? []);
  const wanted = [
    'row_id, trace_id, span_id, parent_span_id, start_ns, duration_ns, name, service, kind, status, resource_id, scope_id',
    ...(needs.statusMessage ? ['status_message'] : []),
    ...(needs.baggage ? ['baggage'] : []),
    ...(needs.spanKeys.size > promoted.length ? ['attrs'] : []),
    ...promoted,
    ...filters.flatMap((f, i) => (judged[i] ? [`${f.text(among)} as holds_${i}`] : [])),
  ];
  const table = segmentTable('spans', segment.id);
  const c = await sql.columns(`select ${wanted.join(', ')} from ${table} s${among.rows} order by row_id`);
  const count = c.row_id?.length ?? 0;
  if (count === 0) return;

  const holding = plan.ofMatching === true ? (c.holds_0 as boolean[] | undefined) : undefined;
  const wantedOf = (list: readonly unknown[]) => (holding === undefined ? list : list.filter((_, i) => holding[i]));
  const spanValues = await loadValues(sql, segment, AttrScope.span, needs.spanKeys, [
    ...promoted.map(column => wantedOf(c[column])),
    ...(c.attrs === undefined ? [] : [flat(wantedOf(c.attrs))]),
  ]);
  const resources = await loadOwners(plan, segment, 'resources', needs.resourceKeys, c.resource_id as number[]);
  const scopes = needs.instrumentation
    ? await loadOwners(plan, segment, 'scopes', needs.instrumentationKeys, c.scope_id as number[])
    : new Map<number, Instrumentation>();
  const baggage = needs.baggage
    ? await loadValues(sql, segment, AttrScope.baggage, undefined, [flat(c.baggage)])
    : new Map();
  const events = needs.events ? await loadChildren(plan, segment, 'events', among) : new Map<bigint, ChildData[]>();
  const links = needs.links ? await loadChildren(plan, segment, 'links', among) : new Map<bigint, ChildData[]>();

  for (let i = 0; i < count; i++) {
    const ids = [...promoted.map(column => c[column][i] as number | null), ...((c.attrs?.[i] as number[]) ?? [])];
    const traceId = c.trace_id[i] as bigint;
    const row: SpanColumns = {
      rowId: c.row_id[i] as bigint,
      segment: segment.id,
      spanId: c.span_id[i] as bigint,
      parentId: c.parent_span_id[i] as bigint,
      startNs: c.start_ns[i] as bigint,
      durationNs: c.duration_ns[i] as bigint,
      name: c.name[i] as string,
      service: c.service[i] as string,
      kind: c.kind[i] as number,
      status: c.status[i] as number,
      statusMessage: (c.status_message?.[i] as string) ?? '',
      holds: filters.map((f, n) => (judged[n] ? (c[`holds_${n}`][i] as boolean) : f.exact ? f.constant : undefined)),
      attributes: attributesOf(ids, spanValues),
      resource: resources.get(c.resource_id[i] as number)?.attributes ?? NO_ATTRIBUTES,
      instrumentation: scopes.get(c.scope_id[i] as number),
      baggage: baggageOf((c.baggage?.[i] as number[]) ?? [], baggage),
      events: events.get(c.row_id[i] as bigint) ?? [],
      links: links.get(c.row_id[i] as bigint) ?? [],
    };
    const trace = out.get(traceId);
    if (trace === undefined) out.set(traceId, [row]);
    else trace.push(row);
  }
}

async function loadOwners(
  { sql }: LoadPlan,
  segment: SegmentRef,
  table: 'resources' | 'scopes',
  keys: ReadonlySet<string>,
  ids: readonly (number | null)[],
): Promise<ReadonlyMap<number, Instrumentation>> {
  if (table === 'resources' && keys.size === 0) return new Map();
  const distinct = [...new Set(ids)].filter(id => id !== null);
  if (distinct.length === 0) return new Map();
  const naming = table === 'scopes' ? ', name, version' : '';
  const from = segmentTable(table, segment.id);
  const c = await sql.columns(`select id, attrs${naming} from ${from} where id in (${distinct.join(', ')})`);
  const scope = table === 'resources' ? AttrScope.resource : AttrScope.instrumentation;
  const values = await loadValues(sql, segment, scope, keys, [flat(c.attrs ?? [])]);
  return new Map(
    ((c.id ?? []) as number[]).map((id, i) => [
      id,
      {
        name: (c.name?.[i] as string) ?? '',
        version: (c.version?.[i] as string) ?? '',
        attributes: attributesOf(c.attrs[i] as number[], values),
      },
    ]),
  );
}

async function loadChildren(
  { sql, needs }: LoadPlan,
  segment: SegmentRef,
  table: 'events' | 'links',
  among: Among,
): Promise<ReadonlyMap<bigint, ChildData[]>> {
  const own = table === 'events' ? 'name, time_ns' : 'trace_id, span_id';
  const rows = `select row_id from ${segmentTable('spans', segment.id)}${among.rows}`;
  const c = await sql.columns(
    `select row_id, attrs, ${own} from ${segmentTable(table, segment.id)} where row_id in (${rows})`,
  );
  const isEvents = table === 'events';
  const keys = isEvents ? needs.eventKeys : needs.linkKeys;
  const scope = isEvents ? AttrScope.event : AttrScope.link;
  const values = await loadValues(sql, segment, scope, keys, [flat(c.attrs ?? [])]);
  const children = new Map<bigint, ChildData[]>();
  ((c.row_id ?? []) as bigint[]).forEach((rowId, i) => {
    const child: ChildData = {
      name: (c.name?.[i] as string) ?? '',
      timeNs: (c.time_ns?.[i] as bigint) ?? 0n,
      traceId: (c.trace_id?.[i] as bigint) ?? 0n,
      spanId: (c.span_id?.[i] as bigint) ?? 0n,
      attributes: attributesOf(c.attrs[i] as number[], values),
    };
    const known = children.get(rowId);
    if (known === undefined) children.set(rowId, [child]);
    else known.push(child);
  });
  return children;
}

/** More ids than these are not listed in the statement: all values of the keys are read instead. */
const MAX_LISTED_IDS = 20_000;

/** Values by id, of the given keys (undefined: all) and among the given ids. */
async function loadValues(
  sql: SqlBuilder,
  segment: SegmentRef,
  scope: number,
  keys: ReadonlySet<string> | undefined,
  ids: readonly (readonly unknown[])[],
): Promise<Values> {
  const values = new Map<number, { key: string; value: Value }>();
  if (keys?.size === 0) return values;
  const wanted = new Set<number>();
  for (const list of ids) for (const id of list) if (typeof id === 'number') wanted.add(id);
  if (wanted.size === 0) return values;
  const conditions = [`scope = ${scope}`];
  if (keys !== undefined) conditions.push(`key in (${[...keys].map(key => sql.text(key)).join(', ')})`);
  if (wanted.size <= MAX_LISTED_IDS) conditions.push(`id in (${[...wanted].join(', ')})`);
  const table = segmentTable('attr_values', segment.id);
  const c = await sql.columns(
    `select id, key, type, str, int, num, strs, nums from ${table} where ${conditions.join(' and ')}`,
  );
  ((c.id ?? []) as number[]).forEach((id, i) => {
    values.set(id, { key: c.key[i] as string, value: valueAt(c, i) });
  });
  return values;
}

function attributesOf(ids: readonly (number | null)[], values: Values): Attributes {
  if (values.size === 0) return NO_ATTRIBUTES;
  let found: Map<string, Value> | undefined;
  for (const id of ids) {
    const entry = id === null ? undefined : values.get(id);
    if (entry === undefined) continue;
    found ??= new Map();
    found.set(entry.key, entry.value);
  }
  return found ?? NO_ATTRIBUTES;
}

function baggageOf(ids: readonly number[], values: Values): readonly (readonly [string, string])[] {
  return ids.flatMap(id => {
    const entry = values.get(id);
    return typeof entry?.value === 'string' ? [[entry.key, entry.value] as const] : [];
  });
}

function flat(lists: readonly unknown[]): readonly unknown[] {
  return (lists as readonly (readonly unknown[] | null)[]).flatMap(list => list ?? []);
}
