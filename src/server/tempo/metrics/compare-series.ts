import type { Metrics } from '#domain/traceql/ast.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import type { Value } from '#domain/traceql/run/value.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, type SegmentTable, segmentTable } from '#server/store/schema/segment-table.ts';
import { valueAt } from '#server/traceql/dictionary.ts';
import { compileFilter } from '#server/traceql/filter-sql.ts';
import type { TraceQuery } from '#server/traceql/trace-query.ts';
import { type MatchingRows, matchingRows } from './matching-rows.ts';
import { newSeries, type Series } from './series.ts';
import { bucketSql, type TimeGrid } from './time-grid.ts';

type Compare = Extract<Metrics, { fn: 'compare' }>;

const DEFAULT_TOP = 10;
/** Values of one attribute and side that are told apart before the most frequent are chosen. */
const MAX_VALUES = 1_000;

/** The two sides, as `__meta_type` names them. */
const SIDES = ['baseline', 'selection'] as const;

/**
 * How often each value of each attribute occurs in the selection and in the rest of the spans: the most frequent values of
 * each side, and per attribute the number of spans that have it (`…_total`). `judgeSelection` lists the selected spans where
 * the condition of the selection needs whole traces.
 */
export async function compareSeries(
  context: QueryContext,
  query: TraceQuery,
  metrics: Compare,
  grid: TimeGrid,
  segments: readonly SegmentRef[],
  judgeSelection: () => Promise<readonly MatchingRows[]>,
): Promise<readonly Series[]> {
  const tally = new Tally(grid.count);
  const sides = await selectionOf(query, metrics, segments, judgeSelection);
  for (const { segment, rows } of await matchingRows(context, query, grid, segments)) {
    const { window } = metrics;
    const inWindow =
      window === undefined ? '' : ` and s.start_ns >= ${window.startNs} and s.start_ns < ${window.endNs}`;
    const side = `((${sides.get(segment.id) ?? 'false'})${inWindow})::integer`;
    await countSegment(query, segment, rows, `${side} as side, ${bucketSql(grid)} as t`, tally);
  }
  return tally.series(metrics.topN ?? DEFAULT_TOP);
}

/** Per segment: which of its spans are selected, in SQL; listed one by one where SQL cannot tell. */
async function selectionOf(
  query: TraceQuery,
  { selection }: Compare,
  segments: readonly SegmentRef[],
  judgeSelection: () => Promise<readonly MatchingRows[]>,
): Promise<ReadonlyMap<number, string>> {
  const sides = new Map<number, string>();
  for (const segment of segments) {
    const predicate = await compileFilter(selection.expr, { sql: query.sql, segment, segments: query.segments });
    if (!predicate.exact) {
      const judged = await judgeSelection();
      return new Map(
        judged.map(({ segment: { id }, rows }) => [id, `s.row_id in (select s.row_id from ${rows})`] as const),
      );
    }
    sides.set(segment.id, predicate.text({ rows: '', traces: '' }));
  }
  return sides;
}

/** Counts per attribute, value, side and time bucket. */
class Tally {
  readonly #buckets: number;
  readonly #attributes = new Map<string, readonly [Side, Side]>();

  constructor(buckets: number) {
    this.#buckets = buckets;
  }

  add(attribute: string, value: Value, side: number, time: number, n: number): void {
    let sides = this.#attributes.get(attribute);
    if (sides === undefined) {
      sides = [newSide(this.#buckets), newSide(this.#buckets)];
      this.#attributes.set(attribute, sides);
    }
    const { total, values } = sides[side];
    total[time] += n;
    // Too rare to be told apart.
    if (value === undefined) return;
    const key = `${typeof value}:${typeof value === 'object' && 'word' in value ? value.word : String(value)}`;
    let known = values.get(key);
    if (known === undefined) {
      if (values.size >= MAX_VALUES) return;
      known = { value, count: 0, points: new Float64Array(this.#buckets) };
      values.set(key, known);
    }
    known.count += n;
    known.points[time] += n;
  }

  series(top: number): readonly Series[] {
    const found: Series[] = [];
    for (const [key, sides] of this.#attributes) {
      sides.forEach(({ total, values }, side) => {
        if (values.size === 0) return;
        const type = SIDES[side];
        for (const { value, points } of [...values.values()].sort((a, b) => b.count - a.count).slice(0, top)) {
          found.push(
            newSeries(
              [
                { key: '__meta_type', value: type },
                { key, value },
              ],
              points,
            ),
          );
        }
        found.push(
          newSeries(
            [
              { key: '__meta_type', value: `${type}_total` },
              { key, value: undefined },
            ],
            total,
          ),
        );
      });
    }
    return found;
  }
}

interface Side {
  readonly total: Float64Array;
  readonly values: Map<string, { readonly value: Value; count: number; readonly points: Float64Array }>;
}

function newSide(buckets: number): Side {
  return { total: new Float64Array(buckets), values: new Map() };
}

async function countSegment(
  { sql, segments }: TraceQuery,
  segment: SegmentRef,
  rows: string,
  sideAndTime: string,
  tally: Tally,
): Promise<void> {
  const promoted = [...segment.promoted.values()].map(name => `s.${name}`);
  const ids =
    promoted.length === 0
      ? 's.attrs'
      : `list_concat(s.attrs, list_filter([${promoted.join(', ')}], lambda x: x is not null))`;
  const table = (name: SegmentTable) => segmentTable(name, segment.id);
  const scalars = `type between ${AttrType.string} and ${AttrType.double}`;
  /** (id, side, t, n) → counts per attribute; only the most frequent ids of each key are told apart. */
  const attributes = async (scope: number, prefix: string, carried: string) => {
    const counted = `select v.key, v.type, v.str, v.int, v.num, c.id, c.side, c.t, c.n from (${carried}) c join ${table('attr_values')} v on v.id = c.id where v.scope = ${scope} and v.${scalars}`;
    const c = await sql.columns(
      `with counted as materialized (${counted}),
        ranked as (select key, id, side, row_number() over (partition by key, side order by sum(n) desc) as place from counted group by key, id, side)
       select c.key, c.side, c.t, sum(c.n) as n, case when place <= ${MAX_VALUES} then c.id end as value_id, any_value(c.type) as type,
         any_value(c.str) as str, any_value(c.int) as int, any_value(c.num) as num
       from counted c join ranked r on r.key = c.key and r.id = c.id and r.side = c.side group by c.key, c.side, c.t, value_id order by n desc`,
    );
    ((c.key ?? []) as string[]).forEach((key, i) => {
      // Those without an id are too rare to be told apart.
      const value = c.value_id[i] === null ? undefined : valueAt(c, i);
      tally.add(prefix + key, value, c.side[i] as number, c.t[i] as number, Number(c.n[i]));
    });
  };
  const base = `select unnest(${ids}) as id, ${sideAndTime} from ${rows}`;
  await attributes(AttrScope.span, 'span.', `select id, side, t, count(*) as n from (${base}) group by all`);
  for (const [name, column, scope, prefix] of OWNERS) {
    const owned = `select s.${column} as owner, ${sideAndTime}, count(*) as n from ${rows} group by all`;
    const owners = `select id as owner, unnest(attrs) as id from ${table(name)}`;
    await attributes(
      scope,
      prefix,
      `select r.id, o.side, o.t, o.n from (${owned}) o join (${owners}) r on r.owner = o.owner`,
    );
  }
  // A span counts once for each value that any of its events (links) has.
  const spans = `select s.row_id, ${sideAndTime} from ${rows}`;
  for (const [name, scope, prefix] of CHILDREN) {
    const carried = `select unnest(c.attrs) as id, m.* from ${table(name)} c join (${spans}) m on m.row_id = c.row_id`;
    await attributes(
      scope,
      prefix,
      `select id, side, t, count(distinct row_id) as n from (${carried}) group by id, side, t`,
    );
  }
  const plain = async (name: string, counted: string, read: (code: unknown) => Value) => {
    const c = await sql.columns(`${counted} order by n desc`);
    (c.value ?? []).forEach((code, i) => {
      if (code === '') return;
      tally.add(name, read(code), c.side[i] as number, c.t[i] as number, Number(c.n[i]));
    });
  };
  for (const [name, column, read] of INTRINSICS) {
    await plain(name, `select ${column} as value, ${sideAndTime}, count(*) as n from ${rows} group by all`, read);
  }
  await plain(
    'event:name',
    `select c.name as value, m.side, m.t, count(distinct m.row_id) as n from ${table('events')} c
     join (${spans}) m on m.row_id = c.row_id group by c.name, m.side, m.t`,
    text,
  );
  const scopes = `select s.scope_id as owner, ${sideAndTime}, count(*) as n from ${rows} group by all`;
  for (const column of ['name', 'version']) {
    await plain(
      `instrumentation:${column}`,
      `select c.${column} as value, o.side, o.t, sum(o.n) as n from (${scopes}) o
       join ${table('scopes')} c on c.id = o.owner group by c.${column}, o.side, o.t`,
      text,
    );
  }
  await countRoots(sql, segments, rows, sideAndTime, tally);
}

const text = (code: unknown): Value => code as string;

/** What spans share, by the column that refers to it. */
const OWNERS = [
  ['resources', 'resource_id', AttrScope.resource, 'resource.'],
  ['scopes', 'scope_id', AttrScope.instrumentation, 'instrumentation.'],
] as const;

const CHILDREN = [
  ['events', AttrScope.event, 'event.'],
  ['links', AttrScope.link, 'link.'],
] as const;

const INTRINSICS: readonly (readonly [name: string, column: string, read: (code: unknown) => Value])[] = [
  ['name', 's.name', text],
  ['kind', 's.kind', code => ({ word: KIND_NAMES[code as number] ?? 'unspecified' })],
  ['status', 's.status', code => ({ word: STATUS_NAMES[code as number] ?? 'unset' })],
  ['statusMessage', 's.status_message', text],
];

async function countRoots(
  sql: TraceQuery['sql'],
  segments: readonly SegmentRef[],
  rows: string,
  sideAndTime: string,
  tally: Tally,
): Promise<void> {
  const every = segments
    .map(
      ({ id }) => `select trace_id, start_ns, name, service from ${segmentTable('spans', id)} where parent_span_id = 0`,
    )
    .join(' union all ');
  const roots = `select trace_id, arg_max(name, start_ns) as name, arg_max(service, start_ns) as service from (${every}) group by trace_id`;
  const c = await sql.columns(
    `select r.name, r.service, c.side, c.t, sum(c.n) as n from (select s.trace_id, ${sideAndTime}, count(*) as n from ${rows} group by all) c
     join (${roots}) r on r.trace_id = c.trace_id group by all order by n desc`,
  );
  ((c.name ?? []) as string[]).forEach((name, i) => {
    const [side, time, n] = [c.side[i] as number, c.t[i] as number, Number(c.n[i])];
    tally.add('rootName', name, side, time, n);
    tally.add('rootServiceName', c.service[i] as string, side, time, n);
  });
}
