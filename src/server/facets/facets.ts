import type { FacetCounts, FacetValue, FieldCounts } from '#domain/api/server-api.ts';
import { filterFieldKey, filterFieldOf } from '#domain/search/filter.ts';
import { filtersOf, queryOf } from '#domain/search/filters.ts';
import type { Field } from '#domain/traceql/ast.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import { traceqlErrorText } from '#domain/traceql/traceql-error.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { answering, searchRange } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { estimateTraces, estimateValues } from './estimate-values.ts';
import { carriersSql, fieldValuesSql } from './field-values.ts';
import { type MatchingSpans, matchingSpans } from './matching-spans.ts';
import { remembered } from './remembered.ts';

export interface FacetsArgs {
  readonly q: string;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  /** In TraceQL: `status`, `resource.service.name`, `baggage.tenant.id`. */
  readonly fields: readonly string[];
  /** Values per field. */
  readonly limit: number;
  /** Only values that contain this text, in any case; '' for all. */
  readonly find: string;
}

/** Distinct traces of more spans than these are estimated. */
const MAX_EXACT_SPANS = 3_000_000;
/** Longer values are no choice for a filter; they count as carried but are not listed. */
const MAX_VALUE_BYTES = 4096;

/** Traces per value of each field. */
export async function facets(context: QueryContext, args: FacetsArgs): Promise<Answer<FacetCounts>> {
  return answering(async () => {
    const range = searchRange(context, args);
    const prepared = new Map<string, Matching>();
    const fields: FieldCounts[] = [];
    for (const name of args.fields) {
      const field = readField(name);
      const q = withoutField(args.q, field);
      let matching = prepared.get(q);
      if (matching === undefined) {
        const spans = await matchingSpans(context, q, range);
        matching = {
          spans,
          approximate: range.spanCount > MAX_EXACT_SPANS && (await countSpans(spans)) > MAX_EXACT_SPANS,
        };
        prepared.set(q, matching);
      }
      fields.push({ field: name, ...(await countValues(context, field, matching, args)) });
    }
    return { fields };
  });
}

interface Matching {
  readonly spans: MatchingSpans;
  readonly approximate: boolean;
}

function readField(text: string): Field {
  const read = readQuery(`{ ${text} != nil }`);
  const first = read.ok && read.value.body.type === 'pipeline' ? read.value.body.stages[0] : undefined;
  const expr = first?.type === 'filter' ? first.expr : undefined;
  const field = expr?.type === 'binary' ? expr.left : undefined;
  if (field?.type === 'attribute' || field?.type === 'intrinsic') return field;
  // Comparing some intrinsics with nil is refused; by themselves they are fields all the same.
  const alone = readQuery(`{} | by(${text})`);
  const stage = alone.ok && alone.value.body.type === 'pipeline' ? alone.value.body.stages[1] : undefined;
  if (stage?.type === 'by' && (stage.expr.type === 'attribute' || stage.expr.type === 'intrinsic')) return stage.expr;
  throw new QueryRefused(`${text} is not a field${alone.ok ? '' : `: ${traceqlErrorText(alone.error)}`}`);
}

/** A facet shows what else could be chosen, so its own conditions do not count. */
function withoutField(q: string, field: Field): string {
  const own = filterFieldOf(field);
  const { filters, rest } = filtersOf(q);
  const active = filters.filter(filter => filter.paused !== true);
  if (own === undefined) return queryOf(active, rest);
  const key = filterFieldKey(own);
  return queryOf(
    active.filter(filter => filterFieldKey(filter.field) !== key),
    rest,
  );
}

async function countSpans({ sql, parts }: MatchingSpans): Promise<number> {
  let count = 0;
  for (const { rows } of parts) count += Number((await sql.rows(`select count(*) as n from ${rows}`))[0]?.n ?? 0);
  return count;
}

async function countValues(
  context: QueryContext,
  field: Field,
  { spans, approximate }: Matching,
  { limit, find }: FacetsArgs,
): Promise<Omit<FieldCounts, 'field'>> {
  const from = fieldValuesSql(field, spans);
  if (from === undefined) return { unit: 'traces', values: [], other: 0, missing: 0, approximate: false };
  const { sql } = spans;
  const narrowed = find === '' ? '' : ` and contains(lower(value), lower(${sql.text(find)}))`;
  const condition = `strlen(value) <= ${MAX_VALUE_BYTES}${narrowed}`;
  const wantsMissing = isOptional(field) && find === '';
  if (approximate) {
    const each = spans.parts.map(part => ({ ...spans, parts: [part] }));
    const parts = each.flatMap(one => fieldValuesSql(field, one) ?? []);
    const { values, listed } = await estimateValues(context, { sql, parts, condition });
    const shown = values.slice(0, limit);
    const carriers = each.flatMap(one => carriersSql(field, one) ?? []);
    const missing = wantsMissing ? await estimateMissing(context, each, { sql, parts: carriers }) : 0;
    return { unit: 'traces', values: shown, other: listed - shown.length, missing, approximate };
  }
  const grouped = `select type, value, count(*) as traces, count(*) filter (where failed) as errors
    from (select type, value, trace_id, bool_or(failed) as failed from (${from}) where ${condition}
      group by type, value, trace_id) group by type, value`;
  const statement = `select *, count(*) over () as listed from (${grouped}) order by traces desc, value, type limit ${limit}`;
  const columns = await remembered(context, sql, statement, () => sql.columns(statement));
  const values = ((columns.value ?? []) as string[]).map(
    (value, i): FacetValue => ({
      type: columns.type[i] as FacetValue['type'],
      value,
      traces: Number(columns.traces[i]),
      errorTraces: Number(columns.errors[i]),
    }),
  );
  const other = Number(columns.listed?.[0] ?? 0) - values.length;
  const missing = wantsMissing ? await countMissing(context, from, spans) : 0;
  return { unit: 'traces', values, other, missing, approximate };
}

/** Every span has a status, a kind, a name and a service, if only an empty one. */
function isOptional(field: Field): boolean {
  if (field.type === 'intrinsic') return field.name !== 'status' && field.name !== 'kind' && field.name !== 'name';
  return !(field.scope === 'resource' && field.key === 'service.name');
}

async function countMissing(context: QueryContext, from: string, { sql, parts }: MatchingSpans): Promise<number> {
  const all = parts.map(({ rows }) => `select s.trace_id from ${rows}`).join(' union all ');
  const statement = `select (select count(distinct trace_id) from (${all})) as matched, (select count(distinct trace_id) from (${from})) as carrying`;
  const [row] = await remembered(context, sql, statement, () => sql.rows(statement));
  return Math.max(0, Number(row?.matched ?? 0) - Number(row?.carrying ?? 0));
}

async function estimateMissing(
  context: QueryContext,
  each: readonly MatchingSpans[],
  carrying: { readonly sql: MatchingSpans['sql']; readonly parts: readonly string[] },
): Promise<number> {
  const rows = each.flatMap(({ parts }) => parts.map(part => `select s.trace_id from ${part.rows}`));
  const matched = await estimateTraces(context, { sql: carrying.sql, parts: rows });
  return Math.max(0, matched - (await estimateTraces(context, carrying)));
}
