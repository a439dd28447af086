import type { Field } from '#domain/traceql/ast.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { Value } from '#server/traceql/value.ts';
import { addToCell, type Cells, cellKey, type Group } from './cells.ts';
import { type ColumnScope, carriedIds, type GroupColumn, groupColumn, isGroupColumn } from './group-columns.ts';
import { log2BucketSql } from './log2-buckets.ts';
import type { PlainMetrics } from './series.ts';
import { bucketSql, type TimeGrid } from './time-grid.ts';

/** Whether SQL can add the function up by itself. */
export function isSqlMetrics(metrics: PlainMetrics): boolean {
  return metrics.by.every(isGroupColumn) && (!('field' in metrics) || isMeasure(metrics.field));
}

function isMeasure(field: Field): boolean {
  return field.type === 'intrinsic' ? field.name === 'duration' : field.scope === 'span';
}

export interface SqlAggregation extends ColumnScope {
  readonly metrics: PlainMetrics;
  readonly grid: TimeGrid;
  /** Groups with most spans that are kept. */
  readonly maxGroups: number;
  readonly exemplars: boolean;
}

/** Adds up the spans of one segment in SQL: one row per group, time bucket and value bucket. */
export async function aggregateSegment(work: SqlAggregation, cells: Cells): Promise<void> {
  const { sql, segment, metrics } = work;
  const columns = metrics.by.map((field, n) => groupColumn(field, work, n));
  const codes = columns.flatMap(column => column.codes);
  const measure = measureSql(metrics, work);
  const selected = [
    ...codes.map((code, i) => `${code} as g${i}`),
    `${bucketSql(work.grid)} as t`,
    `${measure.bucket ?? '0'} as b`,
    'count(*) as n',
    ...(measure.value === undefined
      ? []
      : [`sum(${measure.value}) as total`, `min(${measure.value}) as low`, `max(${measure.value}) as high`]),
    ...(work.exemplars ? ['max(s.row_id) as span'] : []),
  ];
  const [table, where] = splitRows(work.rows);
  const joins = columns.map(column => column.join).join('') + measure.join;
  const condition = measure.condition === undefined ? '' : ` and ${measure.condition}`;
  const found = `select ${selected.join(', ')} from ${table}${joins}${where}${condition} group by all`;
  const isLarge = columns.some(column => column.isLarge);
  const c = await sql.columns(isLarge ? largestGroups(found, codes.length, work.maxGroups) : found);
  const groups = await groupsOf(columns, c, cells);
  groups.forEach((group, i) => {
    if (group === undefined) return;
    addToCell(group, cellKey(c.t[i] as number, c.b[i] as number), {
      count: Number(c.n[i]),
      sum: Number(c.total?.[i] ?? 0),
      min: Number(c.low?.[i] ?? 0),
      max: Number(c.high?.[i] ?? 0),
      exemplar: work.exemplars ? { segment: segment.id, rowId: c.span[i] as bigint } : undefined,
    });
  });
}

/** The group of each row; codes that come again are decoded once. */
async function groupsOf(
  columns: readonly GroupColumn[],
  c: Record<string, unknown[]>,
  cells: Cells,
): Promise<readonly (Group | undefined)[]> {
  const codes = columns.flatMap(column => column.codes).map((_, i) => c[`g${i}`]);
  const rowCount = c.n?.length ?? 0;
  const places = new Map<unknown, number>();
  const first: number[] = [];
  const placeOf = new Int32Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const key = codes.length === 1 ? codes[0][i] : codes.map(list => String(list[i])).join('\u0000');
    let place = places.get(key);
    if (place === undefined) {
      place = first.length;
      places.set(key, place);
      first.push(i);
    }
    placeOf[i] = place;
  }
  const values: (readonly Value[])[] = [];
  let at = 0;
  for (const column of columns) {
    const own = codes.slice(at, at + column.codes.length);
    values.push(await column.decode(own.map(list => first.map(i => list[i]))));
    at += column.codes.length;
  }
  const groups = first.map((_, place) => cells.group(values.map(list => list[place])));
  return Array.from(placeOf, place => groups[place]);
}

/** `spans_7 s` and ` where …` */
function splitRows(rows: string): readonly [string, string] {
  const at = rows.indexOf(' where ');
  return [rows.slice(0, at), rows.slice(at)];
}

/** Only the groups with most spans, so that a key of a million values gives a reply of bounded size. */
function largestGroups(found: string, codes: number, most: number): string {
  const keys = Array.from({ length: codes }, (_, i) => `g${i}`);
  const same = keys.map(key => `cells.${key} is not distinct from largest.${key}`).join(' and ');
  return `with cells as materialized (${found}),
    largest as (select ${keys.join(', ')} from cells group by all order by sum(n) desc limit ${most})
    select cells.* from cells join largest on ${same}`;
}

interface Measure {
  readonly join: string;
  readonly condition: string | undefined;
  readonly value: string | undefined;
  readonly bucket: string | undefined;
}

function measureSql(
  metrics: PlainMetrics,
  scope: { readonly sql: SqlBuilder; readonly segment: SegmentRef; readonly rows: string },
): Measure {
  if (!('field' in metrics)) return { join: '', condition: undefined, value: undefined, bucket: undefined };
  const { field } = metrics;
  const inBuckets = metrics.fn === 'histogram_over_time' || metrics.fn === 'quantile_over_time';
  if (field.type === 'intrinsic') {
    if (!inBuckets) return { join: '', condition: undefined, value: 's.duration_ns', bucket: undefined };
    return { join: '', condition: 's.duration_ns >= 2', value: undefined, bucket: log2BucketSql('s.duration_ns') };
  }
  const promoted = scope.segment.promoted.get(field.key);
  const carried = promoted === undefined ? carriedIds(AttrScope.span, field.key, scope, 'm') : '';
  const id = promoted === undefined ? 'm.id' : `s.${promoted}`;
  const values = `select id, type, int, num from ${segmentTable('attr_values', scope.segment.id)} where scope = ${AttrScope.span} and key = ${scope.sql.text(field.key)} and type in (${AttrType.int}, ${AttrType.double})`;
  const join = `${carried} join (${values}) v on v.id = ${id}`;
  if (!inBuckets) {
    return { join, condition: 'isfinite(v.num)', value: 'v.num', bucket: undefined };
  }
  return {
    join,
    condition: `v.type = ${AttrType.int} and v.int >= 2`,
    value: undefined,
    bucket: log2BucketSql('v.int'),
  };
}
