import { baggageOf } from '#domain/trace/baggage.ts';
import type { SpanDetail } from '#domain/trace/span-details.ts';
import type { SpanFields, SpanSink } from '#domain/trace/span-sink.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { type ChildData, type Instrumentation, type SpanColumns, TraceData } from '#domain/traceql/run/trace-data.ts';
import type { ListValue, Value } from '#domain/traceql/run/value.ts';
import { readAttributes, readText } from './attributes.ts';
import { scanTraces } from './otlp-proto.ts';
import { otlpReader, readField } from './otlp-reader.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { readSpanDetail } from './read-span-detail.ts';

/**
 * One trace, a sound TracesData message, as TraceQL evaluates it. Attributes, events and links of a span are read when a
 * condition first asks for them. `traceId`: 32 hex digits.
 */
export function readTraceData(traceId: string, bytes: Uint8Array, baggageKeys: readonly string[]): TraceData {
  const sink = new QuerySpans(baggageKeys);
  scanTraces(bytes, sink);
  return new TraceData(BigInt(`0x${traceId}`), sink.spans);
}

/** An attribute as TraceQL compares it; undefined for what it knows no type of. */
function queryValue(value: AttributeValue): Value {
  switch (value.type) {
    case 'string':
    case 'int':
    case 'double':
    case 'bool':
      return value.value;
    case 'list':
      return listValue(value.value);
    default:
      return undefined;
  }
}

function listValue(elements: readonly AttributeValue[]): ListValue {
  const strings: string[] = [];
  const numbers: number[] = [];
  for (const element of elements) {
    if (element.type === 'string') strings.push(element.value);
    else if (element.type === 'int' || element.type === 'double' || element.type === 'bool') {
      numbers.push(Number(element.value));
    }
  }
  return { strings, numbers };
}

class QuerySpans implements SpanSink {
  readonly spans: QuerySpan[] = [];
  readonly #baggageKeys: readonly string[];
  #resource: Resource = resourceOf([]);
  #scope: Instrumentation | undefined;

  constructor(baggageKeys: readonly string[]) {
    this.#baggageKeys = baggageKeys;
  }

  resource(bytes: Uint8Array, from: number, to: number): void {
    this.#resource = resourceOf(readAttributes(bytes, from, to, 1));
    this.#scope = undefined;
  }

  scope(bytes: Uint8Array, from: number, to: number): void {
    this.#scope = {
      name: readField(bytes, from, to, 1),
      version: readField(bytes, from, to, 2),
      attributes: valuesOf(readAttributes(bytes, from, to, 3)),
    };
  }

  span(fields: SpanFields): void {
    const context = { resource: this.#resource, scope: this.#scope, baggageKeys: this.#baggageKeys };
    this.spans.push(new QuerySpan(this.spans.length, fields, context));
  }
}

interface Resource {
  readonly service: string;
  readonly attributes: readonly Attribute[];
  readonly values: ReadonlyMap<string, Value>;
}

interface Context {
  readonly resource: Resource;
  readonly scope: Instrumentation | undefined;
  readonly baggageKeys: readonly string[];
}

class QuerySpan implements SpanColumns {
  readonly rowId: bigint;
  readonly segment = 0;
  readonly spanId: bigint;
  readonly parentId: bigint;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly statusMessage: string;
  readonly holds: readonly undefined[] = [];
  readonly #context: Context;
  readonly #bytes: Uint8Array;
  readonly #from: number;
  readonly #to: number;
  #detail: SpanDetail | undefined;
  #attributes: ReadonlyMap<string, Value> | undefined;
  #events: readonly ChildData[] | undefined;
  #links: readonly ChildData[] | undefined;

  constructor(row: number, fields: SpanFields, context: Context) {
    const { bytes, from, to } = fields;
    this.#context = context;
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
    this.rowId = BigInt(row);
    this.spanId = idOf(bytes, fields.spanIdFrom, fields.spanIdTo);
    this.parentId = idOf(bytes, fields.parentSpanIdFrom, fields.parentSpanIdTo);
    const end = bits64(fields.endLo, fields.endHi);
    this.startNs = bits64(fields.startLo, fields.startHi);
    this.durationNs = this.startNs > 0n && end > this.startNs ? end - this.startNs : 0n;
    this.name = readText(bytes, fields.nameFrom, fields.nameTo);
    this.kind = fields.kind;
    this.status = fields.statusCode;
    this.statusMessage = readText(bytes, fields.statusMessageFrom, fields.statusMessageTo);
  }

  get service(): string {
    return this.#context.resource.service;
  }

  get resource(): ReadonlyMap<string, Value> {
    return this.#context.resource.values;
  }

  get instrumentation(): Instrumentation | undefined {
    return this.#context.scope;
  }

  get attributes(): ReadonlyMap<string, Value> {
    this.#attributes ??= valuesOf(readAttributes(this.#bytes, this.#from, this.#to, 9));
    return this.#attributes;
  }

  get baggage(): readonly (readonly [string, string])[] {
    const names = this.events.map(({ name }) => name);
    return baggageOf(this.#read(), names, this.#context.resource.attributes, this.#context.baggageKeys);
  }

  get events(): readonly ChildData[] {
    this.#events ??= this.#children(0x5a, (from, to, i) => {
      otlpReader.event(this.#bytes, from, to, EVENT);
      return {
        ...{ name: readText(this.#bytes, EVENT.nameFrom, EVENT.nameTo), timeNs: bits64(EVENT.timeLo, EVENT.timeHi) },
        ...{ traceId: 0n, spanId: 0n, attributes: valuesOf(this.#read().events[i]?.attributes ?? []) },
      };
    });
    return this.#events;
  }

  get links(): readonly ChildData[] {
    this.#links ??= this.#children(0x6a, (from, to, i) => {
      otlpReader.link(this.#bytes, from, to, LINK);
      return {
        ...{ name: '', timeNs: 0n, traceId: idOf(this.#bytes, LINK.traceIdFrom, LINK.traceIdTo) },
        spanId: idOf(this.#bytes, LINK.spanIdFrom, LINK.spanIdTo),
        attributes: valuesOf(this.#read().links[i]?.attributes ?? []),
      };
    });
    return this.#links;
  }

  #read(): SpanDetail {
    this.#detail ??= readSpanDetail(this.#bytes, this.#from, this.#to);
    return this.#detail;
  }

  #children(field: number, read: (from: number, to: number, i: number) => ChildData): readonly ChildData[] {
    const reader = new ProtobufReader(this.#bytes, this.#from);
    const children: ChildData[] = [];
    while (reader.pos < this.#to) {
      const tag = reader.tag(this.#to);
      if (tag !== field) {
        reader.skip(tag, this.#to);
        continue;
      }
      const end = reader.length(this.#to);
      children.push(read(reader.pos, end, children.length));
      reader.pos = end;
    }
    return children;
  }
}

const EVENT = { timeLo: 0, timeHi: 0, nameFrom: 0, nameTo: 0 };
const LINK = { traceIdFrom: 0, traceIdTo: 0, spanIdFrom: 0, spanIdTo: 0 };

function resourceOf(attributes: readonly Attribute[]): Resource {
  const values = valuesOf(attributes);
  const name = values.get('service.name');
  return { service: typeof name === 'string' ? name : '', attributes, values };
}

function valuesOf(attributes: readonly Attribute[]): ReadonlyMap<string, Value> {
  return new Map(attributes.map(({ key, value }) => [key, queryValue(value)]));
}

function bits64(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function idOf(bytes: Uint8Array, from: number, to: number): bigint {
  let id = 0n;
  for (let i = from; i < to; i++) id = (id << 8n) | BigInt(bytes[i]);
  return id;
}
