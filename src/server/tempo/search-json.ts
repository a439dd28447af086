import type { FoundSpanset, FoundTrace, SearchAnswer } from './search-types.ts';
import { spansetAttributeJson, valueJson } from './value-json.ts';

/** The body of Tempo's search reply: zero values left out, trace ids without leading zeros. */
export function searchJson({ traces, inspectedSpans }: SearchAnswer): Record<string, unknown> {
  const metrics = {
    inspectedTraces: traces.length || undefined,
    inspectedSpans: String(inspectedSpans),
    completedJobs: 1,
    totalJobs: 1,
  };
  return { traces: traces.map(traceJson), metrics };
}

const ROOT_MISSING = '<root span not yet received>';

function traceJson(trace: FoundTrace): Record<string, unknown> {
  const spanSets = trace.spansets.map(spansetJson);
  const services = trace.services.map(({ name, spanCount, errorCount }) => [
    name,
    { spanCount, errorCount: errorCount || undefined },
  ]);
  return {
    traceID: trace.traceId.toString(16),
    rootServiceName: trace.rootServiceName || ROOT_MISSING,
    rootTraceName: trace.rootName || undefined,
    startTimeUnixNano: String(trace.startNs),
    durationMs: Number(trace.durationNs / 1_000_000n) || undefined,
    // Beyond Tempo: our own pages show traces of less than a millisecond.
    durationNanos: String(trace.durationNs),
    // Older clients read the first one here.
    spanSet: spanSets[0],
    spanSets,
    serviceStats: Object.fromEntries(services),
  };
}

function spansetJson({ matched, spans, attributes }: FoundSpanset): Record<string, unknown> {
  return {
    spans: spans.map(span => ({
      spanID: span.spanId.toString(16).padStart(16, '0'),
      name: span.name,
      startTimeUnixNano: String(span.startNs),
      durationNanos: String(span.durationNs),
      attributes:
        span.attributes.length > 0 ? span.attributes.map(a => ({ key: a.key, value: valueJson(a.value) })) : undefined,
    })),
    matched,
    attributes: attributes.length > 0 ? attributes.map(spansetAttributeJson) : undefined,
  };
}
