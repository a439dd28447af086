import type { Field } from '#domain/traceql/ast.ts';
import type { Value } from '#domain/traceql/run/value.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import type { SqlBuilder } from '#server/traceql/sql-params.ts';
import type { Cells } from './cells.ts';
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
  // Everything but the groups as DOUBLE: those columns are read in whole vectors.
  const selected = [
    ...codes.map((code, i) => `${code} as g${i}`),
    `${bucketSql(work.grid)} as t`,
    `${measure.bucket ?? '0'} as b`,
    'count(*)::double as n',
    ...(measure.value === undefined
      ? []
      : [
          `sum(${measure.value})::double as total`,
          `min(${measure.value})::double as low`,
          `max(${measure.value})::double as high`,
        ]),
    ...(work.exemplars ? ['max(s.row_id)::double as span'] : []),
  ];
  const [table, where] = splitRows(work.rows);
  const joins = columns.map(column => column.join).join('') + measure.join;
  const condition = measure.condition === undefined ? '' : ` and ${measure.condition}`;
  // Where nothing is grouped by, no spans are a row, too: of NULLs, which are no numbers.
  const found = `select ${selected.join(', ')} from ${table}${joins}${where}${condition} group by all having count(*) > 0`;
  const isLarge = columns.some(column => column.isLarge);
  const bounded = isLarge ? largestGroups(found, codes.length, work.maxGroups) : found;
  const result = await sql.table(`select * replace (t::double as t, b::double as b) from (${bounded})`);
  const groups = await groupsOf(
    columns,
    codes.map((_, i) => result.values(`g${i}`)),
    result.count,
    cells,
  );
  const none = new Float64Array(result.count);
  const optional = (name: string) => (result.names.includes(name) ? result.numbers(name) : none);
  const [times, buckets, counts] = [result.numbers('t'), result.numbers('b'), result.numbers('n')];
  const [sums, lows, highs, spans] = [optional('total'), optional('low'), optional('high'), optional('span')];
  cells.reserve(result.count);
  const exemplarSegment = work.exemplars ? segment.id : -1;
  for (let i = 0; i < result.count; i++) {
    const group = groups[i];
    if (group < 0) continue;
    cells.add(group, {
      time: times[i],
      bucket: buckets[i],
      count: counts[i],
      sum: sums[i],
      min: lows[i],
      max: highs[i],
      segment: exemplarSegment,
      rowId: spans[i],
    });
  }
}

/** The group of each row, -1 for none; codes that come again are decoded once. */
async function groupsOf(
  columns: readonly GroupColumn[],
  codes: readonly (readonly unknown[])[],
  rowCount: number,
  cells: Cells,
): Promise<Int32Array> {
  const places = new Map<unknown, number>();
  const first: number[] = [];
  const groupOf = new Int32Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const key = codes.length === 1 ? codes[0][i] : codes.map(list => String(list[i])).join('\u0000');
    let place = places.get(key);
    if (place === undefined) {
      place = first.length;
      places.set(key, place);
      first.push(i);
    }
    groupOf[i] = place;
  }
  const values: (readonly Value[])[] = [];
  let at = 0;
  for (const column of columns) {
    const own = codes.slice(at, at + column.codes.length);
    values.push(await column.decode(own.map(list => first.map(i => list[i]))));
    at += column.codes.length;
  }
  const groups = first.map((_, place) => cells.group(values.map(list => list[place])) ?? -1);
  for (let i = 0; i < rowCount; i++) groupOf[i] = groups[groupOf[i]];
  return groupOf;
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
