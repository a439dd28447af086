import { createHash } from 'node:crypto';

/** A span as a test writes it; times are milliseconds after the trace's start and may be fractions. */
export interface SpanDraft {
  /** Any name, unique in the trace: the span id is derived from it. */
  readonly id: string;
  readonly parent?: string;
  readonly service?: string;
  readonly name?: string;
  readonly at?: number;
  readonly ms?: number;
  /** OTLP number; 2 = server. */
  readonly kind?: number;
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly events?: readonly { name: string; at: number; attributes?: Readonly<Record<string, unknown>> }[];
  readonly links?: readonly { traceId: string; spanId: string; attributes?: Readonly<Record<string, unknown>> }[];
  /** Fields of the OTLP JSON span to set or replace as they are. */
  readonly raw?: Readonly<Record<string, unknown>>;
}

export const traceIdOf = (label: string) => createHash('sha256').update(`trace ${label}`).digest('hex').slice(0, 32);
export const spanIdOf = (label: string) => createHash('sha256').update(`span ${label}`).digest('hex').slice(0, 16);

/** An OTLP/JSON request with one trace. `resource` adds to, or replaces, the resource attributes of every service. */
export function jsonTrace(
  label: string,
  startUnixMs: number,
  spans: readonly SpanDraft[],
  resource: Readonly<Record<string, unknown>> = {},
): object {
  const startNano = BigInt(Math.round(startUnixMs)) * 1_000_000n;
  const nano = (ms: number) => String(startNano + BigInt(Math.round(ms * 1e6)));
  const services = Map.groupBy(spans, span => span.service ?? 'shop');
  return {
    resourceSpans: [...services].map(([service, list]) => ({
      resource: { attributes: attributesOf({ 'service.name': service, ...resource }) },
      scopeSpans: [
        {
          scope: { name: 'e2e', version: '1.0.0' },
          spans: list.map(span => ({
            traceId: traceIdOf(label),
            spanId: spanIdOf(span.id),
            parentSpanId: span.parent === undefined ? '' : spanIdOf(span.parent),
            name: span.name ?? span.id,
            kind: span.kind ?? 2,
            startTimeUnixNano: nano(span.at ?? 0),
            endTimeUnixNano: nano((span.at ?? 0) + (span.ms ?? 10)),
            attributes: attributesOf(span.attributes ?? {}),
            events: (span.events ?? []).map(event => ({
              name: event.name,
              timeUnixNano: nano(event.at),
              attributes: attributesOf(event.attributes ?? {}),
            })),
            links: (span.links ?? []).map(link => ({ ...link, attributes: attributesOf(link.attributes ?? {}) })),
            status: span.error === undefined ? {} : { code: 2, message: span.error },
            ...span.raw,
          })),
        },
      ],
    })),
  };
}

function attributesOf(attributes: Readonly<Record<string, unknown>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number')
    return Number.isSafeInteger(value)
      ? { intValue: String(value) }
      : { doubleValue: Number.isFinite(value) ? value : String(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'object' && value !== null)
    return { kvlistValue: { values: attributesOf(value as Record<string, unknown>) } };
  return {};
}
