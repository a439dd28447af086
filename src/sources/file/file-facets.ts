import type { FacetCounts, FacetValue, FieldCounts } from '#domain/api/server-api.ts';
import { isOptionalField, readField, withoutField } from '#domain/search/facet-field.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { StatusCode } from '#domain/trace/trace-table.ts';
import type { Field } from '#domain/traceql/ast.ts';
import { compileValueOf } from '#domain/traceql/run/evaluate.ts';
import type { SpanData } from '#domain/traceql/run/trace-data.ts';
import { isList, type Value } from '#domain/traceql/run/value.ts';
import { INTRINSIC_TYPES } from '#domain/traceql/validate.ts';
import type { FacetRequest } from '#sources/trace-source.ts';
import { matchingTraces, type QueryScope } from './matching-traces.ts';
import { browserRegexes } from './regex-tests.ts';

/** Longer values are no choice for a filter. */
const MAX_VALUE_LENGTH = 4096;

/** Traces per value of each field; fields that are asked of the same traces are counted in one pass. */
export async function countFacets(scope: QueryScope, request: FacetRequest): Promise<FacetCounts> {
  const counters = request.fields.map(name => new FieldCounter(name, readField(name), request));
  const byQuery = Map.groupBy(counters, ({ field }) => withoutField(request.query, field));
  for (const [query, own] of byQuery) {
    for await (const { spans } of matchingTraces(scope, query, request)) for (const one of own) one.add(spans);
  }
  return { fields: counters.map(counter => counter.counts()) };
}

/** The values of a field among spans, as what filters can be made of. */
export function valuesOfField(field: Field): (span: SpanData) => readonly TagValue[] {
  const read = compileValueOf(field, browserRegexes());
  const isDuration = field.type === 'intrinsic' && INTRINSIC_TYPES[field.name] === 'duration';
  return span => tagValuesOf(read(span), isDuration);
}

function tagValuesOf(value: Value, isDuration: boolean): readonly TagValue[] {
  if (value === undefined) return [];
  if (isList(value)) {
    return [...value.strings, ...value.numbers].flatMap(element => tagValuesOf(element, isDuration));
  }
  if (typeof value === 'object') return [{ type: 'keyword', value: value.word }];
  if (typeof value === 'bigint') return [{ type: isDuration ? 'duration' : 'int', value: String(value) }];
  const type = typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : 'float';
  return [{ type, value: String(value) }];
}

class FieldCounter {
  readonly field: Field;
  readonly #name: string;
  readonly #request: FacetRequest;
  readonly #valuesOf: (span: SpanData) => readonly TagValue[];
  readonly #counts = new Map<string, { readonly value: TagValue; traces: number; errorTraces: number }>();
  #missing = 0;

  constructor(name: string, field: Field, request: FacetRequest) {
    this.#name = name;
    this.field = field;
    this.#request = request;
    this.#valuesOf = valuesOfField(field);
  }

  /** Matching spans of one trace. */
  add(spans: readonly SpanData[]): void {
    const isBaggage = this.field.type === 'attribute' && this.field.scope === 'baggage';
    const anyFailed = isBaggage && spans.some(hasFailed);
    const ofTrace = new Map<string, { readonly value: TagValue; failed: boolean }>();
    for (const span of spans) {
      for (const value of this.#valuesOf(span)) {
        const key = `${value.type}:${value.value}`;
        const known = ofTrace.get(key) ?? { value, failed: anyFailed };
        ofTrace.set(key, known);
        known.failed ||= hasFailed(span);
      }
    }
    if (ofTrace.size === 0) this.#missing++;
    for (const [key, { value, failed }] of ofTrace) {
      const counts = this.#counts.get(key) ?? { value, traces: 0, errorTraces: 0 };
      this.#counts.set(key, counts);
      counts.traces++;
      if (failed) counts.errorTraces++;
    }
  }

  counts(): FieldCounts {
    const { find, limit } = this.#request;
    const wanted = find.toLowerCase();
    const listed = [...this.#counts.values()]
      .filter(({ value: { value } }) => value.length <= MAX_VALUE_LENGTH && value.toLowerCase().includes(wanted))
      .map(({ value, traces, errorTraces }): FacetValue => ({ ...value, traces, errorTraces }))
      .sort((a, b) => b.traces - a.traces || (a.value < b.value ? -1 : 1));
    return {
      ...{ field: this.#name, unit: 'traces', values: listed.slice(0, limit), approximate: false },
      other: Math.max(0, listed.length - limit),
      missing: isOptionalField(this.field) && find === '' ? this.#missing : 0,
    };
  }
}

function hasFailed({ columns }: SpanData): boolean {
  return columns.status === StatusCode.error;
}
