import type { Field } from '#domain/traceql/ast.ts';
import type { SpanData } from '#domain/traceql/run/trace-data.ts';
import type { Value } from '#domain/traceql/run/value.ts';
import { covers, needsOf } from '#server/traceql/field-needs.ts';
import { loadTraces } from '#server/traceql/load-traces.ts';
import type { TraceQuery } from '#server/traceql/trace-query.ts';

export interface ReplyAttribute {
  readonly key: string;
  readonly value: Value;
}

/** Values of the fields that a query names, for the spans that its reply shows. */
export async function loadReplySpans(
  query: TraceQuery,
  spans: readonly SpanData[],
  fields: readonly Field[],
): Promise<ReadonlyMap<SpanData, readonly ReplyAttribute[]>> {
  const shown = distinctFields(fields);
  if (shown.length === 0 || spans.length === 0) return new Map();
  const needs = needsOf(shown);
  const loaded = covers(query.needs, needs) ? new Map<bigint, SpanData>() : await reload(query, spans, needs);
  return new Map(
    spans.map(span => {
      const full = loaded.get(span.columns.rowId) ?? span;
      // Numbers of the nested set come from the whole trace.
      const attributes = shown.flatMap(field =>
        attributeOf(field, field.type === 'intrinsic' && !isChild(field) ? pick(field, span, full) : full),
      );
      return [span, attributes];
    }),
  );
}

/** Trace-level intrinsics need the whole trace; others what was loaded for the reply. */
function pick(field: Field, span: SpanData, full: SpanData): SpanData {
  const own =
    field.type === 'intrinsic' && (field.name === 'statusMessage' || field.name.startsWith('instrumentation:'));
  return own ? full : span;
}

function isChild(field: Field): boolean {
  return field.type === 'intrinsic' && (field.name.startsWith('event:') || field.name.startsWith('link:'));
}

async function reload(
  query: TraceQuery,
  spans: readonly SpanData[],
  needs: ReturnType<typeof needsOf>,
): Promise<ReadonlyMap<bigint, SpanData>> {
  const ids = new Set(spans.map(span => span.trace.traceId));
  const segments = new Set(spans.map(span => span.columns.segment));
  const plan = { sql: query.sql, segments: query.segments.filter(s => segments.has(s.id)), needs, filters: new Map() };
  const rows = new Set(spans.map(span => span.columns.rowId));
  const found = new Map<bigint, SpanData>();
  for (const trace of (await loadTraces(plan, [...ids], rows)).values()) {
    for (const span of trace.spans) found.set(span.columns.rowId, span);
  }
  return found;
}

/** Each field once; `name` and `duration` are part of every span already. */
function distinctFields(fields: readonly Field[]): readonly Field[] {
  const seen = new Map<string, Field>();
  for (const field of fields) {
    if (field.type === 'intrinsic' && (field.name === 'name' || field.name === 'duration')) continue;
    if (field.type === 'attribute' && field.scope === 'parent') continue;
    const key = field.type === 'intrinsic' ? field.name : `${field.scope}.${field.key}`;
    if (!seen.has(key)) seen.set(key, field);
  }
  return [...seen.values()];
}

/** Of several events or links the last one that has the field is shown. */
function attributeOf(field: Field, span: SpanData): readonly ReplyAttribute[] {
  const key = field.type === 'intrinsic' ? field.written : field.key;
  for (let event = Math.max(span.eventCount - 1, 0); event >= 0; event--) {
    for (let link = Math.max(span.linkCount - 1, 0); link >= 0; link--) {
      const value = span.field(field, event < span.eventCount ? event : -1, link < span.linkCount ? link : -1);
      if (value !== undefined) return [{ key, value }];
    }
  }
  return [];
}
