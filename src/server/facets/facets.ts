import type { FacetCounts, FacetValue, FieldCounts } from '#domain/api/server-api.ts';
import { isOptionalField, readField, withoutField } from '#domain/search/facet-field.ts';
import type { Field } from '#domain/traceql/ast.ts';
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
  const wantsMissing = isOptionalField(field) && find === '';
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
