import { encodeRequest } from '#e2e/otlp/encode-spans.ts';
import { type GeneratedSpan, resourceOf, TraceGenerator } from './generate.ts';

const SPANS_PER_REQUEST = 500;
const TRACE_SIZES = [6, 9, 12, 15, 20, 28, 40, 70];

export interface Corpus {
  /** ExportTraceServiceRequest bodies in the order of sending. */
  readonly bodies: Buffer[];
  readonly spans: number;
  readonly traces: number;
}

/**
 * Spans as SDKs send them: each service exports its own batches of 500, so that a trace arrives in several requests.
 * Traces are spread evenly over the `windowMs` before `endUnixMs`.
 */
export function corpus(
  seed: number,
  spans: number,
  endUnixMs: number,
  windowMs: number,
  spansPerRequest = SPANS_PER_REQUEST,
): Corpus {
  const generator = new TraceGenerator(seed);
  const meanSize = TRACE_SIZES.reduce((sum, size) => sum + size, 0) / TRACE_SIZES.length;
  const traces = Math.ceil(spans / meanSize);
  const waiting = new Map<string, GeneratedSpan[]>();
  const bodies: Buffer[] = [];
  let written = 0;
  let made = 0;
  const flush = (service: string, batch: GeneratedSpan[]) => {
    bodies.push(encodeRequest(resourceOf(service), '@opentelemetry/instrumentation-http', batch));
    written += batch.length;
  };
  for (; written < spans; made++) {
    const startUnixMs = endUnixMs - windowMs + (made / traces) * windowMs;
    const size = TRACE_SIZES[made % TRACE_SIZES.length]!;
    const startUnixNano = BigInt(Math.round(startUnixMs * 1_000)) * 1_000n + BigInt(made % 1_000);
    for (const span of generator.trace({ spans: size, startUnixNano, durationNs: 2e6 * size * (1 + (made % 7)) })) {
      const batch = waiting.get(span.service) ?? [];
      waiting.set(span.service, batch);
      if (batch.push(span) < spansPerRequest) continue;
      flush(span.service, batch);
      waiting.set(span.service, []);
    }
  }
  return { bodies, spans: written, traces: made };
}

/** One trace of `spans` spans, complete, one request per service. */
export function wholeTrace(seed: number, spans: number, rootService: string, startUnixMs: number) {
  const trace = new TraceGenerator(seed).trace({
    spans,
    startUnixNano: BigInt(startUnixMs) * 1_000_000n,
    durationNs: 2.4e9,
    rootService,
  });
  const bodies = [...Map.groupBy(trace, span => span.service)].map(([service, batch]) =>
    encodeRequest(resourceOf(service), '@opentelemetry/instrumentation-http', batch),
  );
  return { bodies, traceId: trace[0]!.traceId.toString('hex') };
}
