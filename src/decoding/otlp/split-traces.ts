import type { TraceId } from '#domain/ids.ts';
import { ByteStrings } from '#domain/trace/byte-strings.ts';
import type { SpanFields, SpanSink } from '#domain/trace/span-sink.ts';
import type { WireMessage } from '#domain/trace/wire-reader.ts';
import { readText } from './attributes.ts';
import { scanTraces } from './otlp-proto.ts';
import { spansToTraces } from './spans-to-traces.ts';

export interface SplitTraces {
  /** Of each trace a TracesData message and how many spans it has, in the order of their first spans. */
  readonly traces: ReadonlyMap<TraceId, TracePart>;
  /** Spans without a valid trace id: they are in no trace. */
  readonly withoutTraceId: number;
}

export interface TracePart {
  readonly bytes: Uint8Array;
  readonly spans: number;
}

/** Cuts a sound TracesData message into one message for each trace in it; yields now and then. */
export function* splitTraces(bytes: Uint8Array): Generator<undefined, SplitTraces> {
  const sink = new Splitter();
  scanTraces(bytes, sink);
  const { spansOf, withoutTraceId } = sink;
  const traces = new Map<TraceId, TracePart>();
  const [only] = spansOf;
  if (spansOf.size === 1 && withoutTraceId === 0 && only !== undefined) {
    traces.set(only[0], { bytes, spans: only[1].from.length });
    return { traces, withoutTraceId };
  }
  const { resources, scopes } = sink;
  for (const [id, { from, to, resource, scope }] of spansOf) {
    const wire = {
      ...{ bytes, resources, scopes },
      ...{ from: Uint32Array.from(from), to: Uint32Array.from(to) },
      ...{ resource: Int32Array.from(resource), scope: Int32Array.from(scope) },
    };
    traces.set(id, { bytes: spansToTraces(wire).slice(), spans: from.length });
    yield;
  }
  return { traces, withoutTraceId };
}

interface Spans {
  readonly from: number[];
  readonly to: number[];
  readonly resource: number[];
  readonly scope: number[];
}

class Splitter implements SpanSink {
  readonly spansOf = new Map<TraceId, Spans>();
  readonly resources: WireMessage[] = [];
  readonly scopes: WireMessage[] = [];
  withoutTraceId = 0;
  readonly #ids = new ByteStrings(hexOf);
  readonly #byId: (Spans | undefined)[] = [];

  resource(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.resources.push({
      message: bytes.subarray(from, to),
      schemaUrl: readText(bytes, schemaUrlFrom, schemaUrlTo),
    });
  }

  scope(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.scopes.push({ message: bytes.subarray(from, to), schemaUrl: readText(bytes, schemaUrlFrom, schemaUrlTo) });
  }

  span({ bytes, from, to, traceIdFrom, traceIdTo }: SpanFields): void {
    if (!isTraceId(bytes, traceIdFrom, traceIdTo)) {
      this.withoutTraceId++;
      return;
    }
    const spans = this.#spansOf(this.#ids.intern(bytes, traceIdFrom, traceIdTo), bytes, traceIdFrom, traceIdTo);
    spans.from.push(from);
    spans.to.push(to);
    spans.resource.push(this.resources.length - 1);
    spans.scope.push(this.scopes.length - 1);
  }

  #spansOf(id: number, bytes: Uint8Array, from: number, to: number): Spans {
    const known = this.#byId[id];
    if (known !== undefined) return known;
    const spans: Spans = { from: [], to: [], resource: [], scope: [] };
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

function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let hex = '';
  for (let i = from; i < to; i++) hex += bytes[i].toString(16).padStart(2, '0');
  return hex;
}
