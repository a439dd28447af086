import type { TraceId } from '#domain/ids.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { ByteStrings } from '#domain/trace/byte-strings.ts';
import type { SpanFields, SpanSink } from '#domain/trace/span-sink.ts';
import type { WireMessage } from '#domain/trace/wire-reader.ts';
import { readAttributes, readText } from './attributes.ts';
import { scanTraces } from './otlp-proto.ts';
import { spansToTraces } from './spans-to-traces.ts';
import { SummaryOfSpans } from './summary-of-spans.ts';

export interface SplitTraces {
  /** In the order of their first spans. */
  readonly traces: ReadonlyMap<TraceId, TracePart>;
  /** Spans without a valid trace id: they are in no trace. */
  readonly withoutTraceId: number;
}

/** What a message holds of one trace. */
export interface TracePart {
  readonly spans: number;
  /** As `summaryOfTable` of these spans; undefined where only a table can tell. */
  readonly summary: TraceSummary | undefined;
  /** A TracesData message of them; put together when first asked for. */
  readonly bytes: Uint8Array;
}

/** Tells the traces of a sound TracesData message apart, in one pass. The bytes are kept by the parts. */
export function splitTraces(bytes: Uint8Array): SplitTraces {
  const sink = new Splitter();
  scanTraces(bytes, sink);
  const { spansOf, withoutTraceId, resources, scopes } = sink;
  const isOne = spansOf.size === 1 && withoutTraceId === 0;
  const traces = new Map<TraceId, TracePart>();
  for (const [id, spans] of spansOf) {
    const summary = spans.summary.finish(id, bytes, index => sink.services.table().at(index));
    const lay = (): Uint8Array => {
      if (isOne) return bytes;
      const { from, to, resource, scope } = spans;
      return spansToTraces({
        ...{ bytes, resources, scopes },
        ...{ from: Uint32Array.from(from), to: Uint32Array.from(to) },
        ...{ resource: Int32Array.from(resource), scope: Int32Array.from(scope) },
      }).slice();
    };
    traces.set(id, new Part(spans.from.length, summary, lay));
  }
  return { traces, withoutTraceId };
}

class Part implements TracePart {
  readonly spans: number;
  readonly summary: TraceSummary | undefined;
  readonly #lay: () => Uint8Array;
  #bytes: Uint8Array | undefined;

  constructor(spans: number, summary: TraceSummary | undefined, lay: () => Uint8Array) {
    this.spans = spans;
    this.summary = summary;
    this.#lay = lay;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.#lay();
    return this.#bytes;
  }
}

interface Spans {
  readonly from: number[];
  readonly to: number[];
  readonly resource: number[];
  readonly scope: number[];
  readonly summary: SummaryOfSpans;
}

class Splitter implements SpanSink {
  readonly spansOf = new Map<TraceId, Spans>();
  readonly resources: WireMessage[] = [];
  readonly scopes: WireMessage[] = [];
  /** By the bytes of their resource. */
  readonly services = new ByteStrings(serviceOfResource);
  withoutTraceId = 0;
  readonly #ids = new ByteStrings(hexOf);
  readonly #byId: (Spans | undefined)[] = [];
  #service = 0;

  resource(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.resources.push({
      message: bytes.subarray(from, to),
      schemaUrl: readText(bytes, schemaUrlFrom, schemaUrlTo),
    });
    this.#service = this.services.intern(bytes, from, to);
  }

  scope(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.scopes.push({ message: bytes.subarray(from, to), schemaUrl: readText(bytes, schemaUrlFrom, schemaUrlTo) });
  }

  span(span: SpanFields): void {
    const { bytes, from, to, traceIdFrom, traceIdTo } = span;
    if (!isTraceId(bytes, traceIdFrom, traceIdTo)) {
      this.withoutTraceId++;
      return;
    }
    const spans = this.#spansOf(this.#ids.intern(bytes, traceIdFrom, traceIdTo), bytes, traceIdFrom, traceIdTo);
    spans.from.push(from);
    spans.to.push(to);
    spans.resource.push(this.resources.length - 1);
    spans.scope.push(this.scopes.length - 1);
    spans.summary.add(span, this.#service);
  }

  #spansOf(id: number, bytes: Uint8Array, from: number, to: number): Spans {
    const known = this.#byId[id];
    if (known !== undefined) return known;
    const spans: Spans = { from: [], to: [], resource: [], scope: [], summary: new SummaryOfSpans() };
    this.#byId[id] = spans;
    this.spansOf.set(hexOf(bytes, from, to) as TraceId, spans);
    return spans;
  }
}

function isTraceId(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== 16) return false;
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return true;
  return false;
}

function serviceOfResource(bytes: Uint8Array, from: number, to: number): string {
  const value = readAttributes(bytes, from, to, 1).find(({ key }) => key === 'service.name')?.value;
  return value?.type === 'string' ? value.value : '';
}

function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let hex = '';
  for (let i = from; i < to; i++) hex += bytes[i].toString(16).padStart(2, '0');
  return hex;
}
