import { kindName } from '#domain/trace/enum-names.ts';
import type { PlainEvent, PlainLink } from '#domain/trace/plain-span.ts';
import { type Attribute, type ScopeRow, SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import { type JaegerTag, jaegerTags, textTag, warningsIn } from './jaeger-tags.ts';
import type { SpanAlone } from './read-plain-span.ts';

interface JaegerReference {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  readonly traceID: string;
  readonly spanID: string;
}

/** A span as Jaeger's JSON has it, for `JSON.stringify`; tags that say what OTLP has fields for come first. */
export function jaegerSpan(span: SpanAlone, scope: ScopeRow, processID: string) {
  const isBackwards = span.endUnixNano < span.startUnixNano;
  const warnings = [
    ...warningsIn(span.attributes),
    ...(isBackwards ? [`The span ends ${span.startUnixNano - span.endUnixNano} ns before it starts`] : []),
  ];
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    // Jaeger's flags are those of W3C; what OTLP keeps above them has no place.
    ...((span.flags & 0xff) !== 0 && { flags: span.flags & 0xff }),
    operationName: span.name,
    references: references(span),
    startTime: micros(span.startUnixNano),
    duration: isBackwards ? 0 : micros(span.endUnixNano - span.startUnixNano),
    tags: [...fieldTags(span, scope), ...jaegerTags(span.attributes)],
    logs: span.events.map(logOf),
    processID,
    warnings: warnings.length === 0 ? null : warnings,
  };
}

/** The parent first: readers take the first CHILD_OF within the trace for it. */
function references(span: SpanAlone): readonly JaegerReference[] {
  const links = span.links.map((link): JaegerReference => {
    return { refType: isChildOf(link) ? 'CHILD_OF' : 'FOLLOWS_FROM', traceID: link.traceId, spanID: link.spanId };
  });
  if (/^0*$/.test(span.parentSpanId)) return links;
  return [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }, ...links];
}

/** As OpenTelemetry's own translation marks what came from Jaeger. */
function isChildOf({ attributes = [] }: PlainLink): boolean {
  return attributes.some(
    ({ key, value }) => key === 'opentracing.ref_type' && value.type === 'string' && value.value === 'child_of',
  );
}

function fieldTags(span: SpanAlone, scope: ScopeRow): JaegerTag[] {
  const tags: JaegerTag[] = [];
  if (span.kind > SpanKind.unspecified && span.kind <= SpanKind.consumer) {
    tags.push(textTag('span.kind', kindName(span.kind)));
  }
  if (span.statusCode === StatusCode.error) tags.push(textTag('otel.status_code', 'ERROR'));
  if (span.statusCode === StatusCode.ok) tags.push(textTag('otel.status_code', 'OK'));
  if (span.statusMessage !== '') tags.push(textTag('otel.status_description', span.statusMessage));
  if (span.traceState !== '') tags.push(textTag('w3c.tracestate', span.traceState));
  if (scope.name !== '') tags.push(textTag('otel.scope.name', scope.name));
  if (scope.version !== '') tags.push(textTag('otel.scope.version', scope.version));
  // What Jaeger's UI marks failed spans by.
  if (span.statusCode === StatusCode.error && !span.attributes.some(saysError)) {
    tags.push({ key: 'error', type: 'bool', value: true });
  }
  return tags;
}

function saysError({ key, value }: Attribute): boolean {
  return (
    key === 'error' && ((value.type === 'bool' && value.value) || (value.type === 'string' && value.value === 'true'))
  );
}

function logOf({ timeUnixNano, name, attributes = [] }: PlainEvent) {
  return { timestamp: micros(timeUnixNano), fields: [textTag('event', name), ...jaegerTags(attributes)] };
}

function micros(ns: bigint): number {
  return Number(ns / 1000n);
}
