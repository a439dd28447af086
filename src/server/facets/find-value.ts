import type { FoundValue, FoundValues } from '#domain/api/server-api.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { AttributeScope, Field, Intrinsic } from '#domain/traceql/ast.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import { printField } from '#domain/traceql/print.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, AttrType, segmentTable } from '#server/store/schema/segment-table.ts';
import { count } from '#server/tempo/count.ts';
import { answering, searchRange } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { SqlBuilder } from '#server/traceql/sql-params.ts';

export interface FindValueArgs {
  readonly text: string;
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  /** Fields at most. */
  readonly limit: number;
}

/** Counting stops after so long; the remaining fields are told without a number. */
const COUNTING_MS = 700;

/** Which fields hold a text: as their whole value, or as part of it. Strings in any case, numbers when they are equal. */
export async function findValue(context: QueryContext, args: FindValueArgs): Promise<Answer<FoundValues>> {
  return answering(async () => {
    const { segments } = searchRange(context, args);
    const sql = new SqlBuilder(context);
    const hits = new Map<string, Hit>();
    for (const segment of segments) {
      for (const hit of await hitsIn(sql, segment, args.text)) {
        const name = printField(hit.field);
        const known = hits.get(name);
        hits.set(name, known === undefined ? hit : merge(known, hit));
      }
    }
    // What is baggage is also an attribute of the span that carries it; the choice is the trace's.
    for (const { field } of [...hits.values()]) {
      if (field.type === 'attribute' && field.scope === 'baggage') hits.delete(printField({ ...field, scope: 'span' }));
    }
    const sorted = [...hits].sort(([a, x], [b, y]) => Number(y.isWhole) - Number(x.isWhole) || (a < b ? -1 : 1));
    return { found: await countTraces(context, sorted.slice(0, args.limit), args) };
  });
}

interface Hit {
  readonly field: Field;
  readonly isWhole: boolean;
  readonly example: TagValue;
  readonly values: number;
}

/** Segments may hold the same values: of two numbers the larger is sure. */
function merge(a: Hit, b: Hit): Hit {
  const surer = a.isWhole || !b.isWhole ? a : b;
  return { ...surer, values: Math.max(a.values, b.values) };
}

async function hitsIn(sql: SqlBuilder, segment: SegmentRef, text: string): Promise<readonly Hit[]> {
  return [...(await attributeHits(sql, segment, text)), ...(await nameHits(sql, segment, text))];
}

const PLACE = { from: 0, to: 0 };
const SCOPES = Object.entries(AttrScope) as readonly (readonly [AttributeScope, number])[];

async function attributeHits(sql: SqlBuilder, segment: SegmentRef, text: string): Promise<readonly Hit[]> {
  const wanted = sql.text(text);
  const table = segmentTable('attr_values', segment.id);
  const found = [
    `select scope, key, 'string' as type, str as value, str = ${wanted} as whole from ${table}
     where type = ${AttrType.string} and contains(lower(str), lower(${wanted}))`,
    `select scope, key, 'string', ${wanted}, true from ${table} where type = ${AttrType.list} and list_contains(strs, ${wanted})`,
  ];
  if (/^-?\d{1,18}$/.test(text)) {
    found.push(
      `select scope, key, 'int', int::varchar, true from ${table} where type = ${AttrType.int} and int = ${BigInt(text)}`,
    );
  }
  const columns = await sql.columns(
    `select scope, key, arg_max(type, whole) as type, arg_max(value, whole) as value, bool_or(whole) as whole,
       count(distinct value) as n
     from (${found.join(' union all ')}) group by scope, key`,
  );
  return ((columns.key ?? []) as string[]).flatMap((key, i): Hit[] => {
    const scope = SCOPES.find(([, number]) => number === columns.scope[i])?.[0];
    if (scope === undefined) return [];
    const example = { type: columns.type[i] as TagValue['type'], value: columns.value[i] as string };
    const field: Field = { type: 'attribute', scope, key, ...PLACE };
    return [{ field, isWhole: columns.whole[i] === true, example, values: Number(columns.n[i]) }];
  });
}

async function nameHits(sql: SqlBuilder, segment: SegmentRef, text: string): Promise<readonly Hit[]> {
  const wanted = sql.text(text);
  const of = (field: Intrinsic, column: string, table: 'spans' | 'events') =>
    `select '${field}' as field, ${column} as value from ${segmentTable(table, segment.id)} where contains(lower(${column}), lower(${wanted}))`;
  const columns = await sql.columns(
    `select field, coalesce(max(case when value = ${wanted} then value end), min(value)) as value,
       bool_or(value = ${wanted}) as whole, count(distinct value) as n
     from (${of('name', 'name', 'spans')} union all ${of('statusMessage', 'status_message', 'spans')}
       union all ${of('event:name', 'name', 'events')}) group by field`,
  );
  return ((columns.field ?? []) as Intrinsic[]).map((name, i) => ({
    field: { type: 'intrinsic', name, written: name, ...PLACE },
    isWhole: columns.whole[i] === true,
    example: { type: 'string', value: columns.value[i] as string },
    values: Number(columns.n[i]),
  }));
}

/** Traces of each, as the filter that is offered would find them; fields without any in the range are left out. */
async function countTraces(
  context: QueryContext,
  hits: readonly (readonly [string, Hit])[],
  { text, startNs, endNs }: FindValueArgs,
): Promise<readonly FoundValue[]> {
  const begun = performance.now();
  const found: FoundValue[] = [];
  for (const [field, { isWhole, example, values }] of hits) {
    const entry = { field, isWhole, example, values };
    if (performance.now() - begun > COUNTING_MS) {
      found.push(entry);
      continue;
    }
    const counted = await count(context, { q: `{ ${field} ${conditionOn(isWhole, example, text)} }`, startNs, endNs });
    if (!counted.ok) found.push(entry);
    else if (counted.value.traces > 0) found.push({ ...entry, traces: counted.value.traces });
  }
  return found.sort((a, b) => Number(b.isWhole) - Number(a.isWhole) || (b.traces ?? 0) - (a.traces ?? 0));
}

function conditionOn(isWhole: boolean, example: TagValue, text: string): string {
  if (isWhole) return `= ${example.type === 'int' ? example.value : quoteGo(example.value)}`;
  return `=~ ${quoteGo(containing(text))}`;
}

/** A regular expression (RE2, anchored) for "contains, in any case". */
function containing(text: string): string {
  return `(?i).*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}.*`;
}
