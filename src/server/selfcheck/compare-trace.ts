import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import type { KnownTrace } from './known-traces.ts';

interface SpanJson {
  readonly spanId: string;
  readonly attributes?: readonly { readonly key: string }[];
  readonly [field: string]: unknown;
}

/**
 * What a reply lacks of a trace, and where it differs: a sentence each. Only what was sent is compared: stores may add
 * fields of their own.
 */
export function compareTrace(sent: KnownTrace, reply: Uint8Array): { missing: string[]; wrong: string[] } {
  const expected = spansById(encodeTraces(sent.spans));
  const found = spansById(reply);
  const missing: string[] = [];
  const wrong: string[] = [];
  for (const [id, span] of expected) {
    const back = found.get(id);
    if (back === undefined) {
      missing.push(`span ${id} (${span.name})`);
      continue;
    }
    for (const [field, value] of Object.entries(span)) {
      const [was, is] = [canonical(value), canonical(back[field])];
      if (was !== is) wrong.push(`span ${id}: ${field} is ${is ?? 'absent'}, not ${was}`);
    }
  }
  for (const id of found.keys()) if (!expected.has(id)) wrong.push(`span ${id} was never sent`);
  return { missing, wrong };
}

/** Spans with their service, by id. */
function spansById(traces: Uint8Array): Map<string, SpanJson> {
  const { resourceSpans = [] } = JSON.parse(protoToOtlpJson(traces)) as {
    resourceSpans?: {
      resource?: { attributes?: { key: string; value: { stringValue?: string } }[] };
      scopeSpans?: { spans?: SpanJson[] }[];
    }[];
  };
  const spans = new Map<string, SpanJson>();
  for (const { resource, scopeSpans = [] } of resourceSpans) {
    const service = resource?.attributes?.find(({ key }) => key === 'service.name')?.value.stringValue;
    for (const span of scopeSpans.flatMap(({ spans: inner = [] }) => inner))
      spans.set(span.spanId, { ...span, service });
  }
  return spans;
}

/** Attributes may come back in another order. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (field, inner) =>
    field === 'attributes' || (field === '' && isAttributes(inner)) ? sorted(inner) : inner,
  );
}

function isAttributes(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === 'object' && item !== null && 'key' in item);
}

function sorted(attributes: readonly { readonly key: string }[]): unknown {
  return attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
