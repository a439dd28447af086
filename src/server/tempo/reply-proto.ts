import { ProtobufWriter } from '#decoding/otlp/protobuf-writer.ts';

/** Field name of the JSON body → field number and type. The bodies are the JSON form of the same messages. */
interface Message {
  readonly [field: string]: Field;
}

/** A `map` is an object of messages by name. */
type Field = readonly [number: number, type: Type, map?: 'map'];

type Type = 'string' | 'int' | 'double' | 'bool' | 'partial' | Message;

const ARRAY: Record<string, Field> = {};
const ANY_VALUE: Message = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int'],
  doubleValue: [4, 'double'],
  arrayValue: [5, ARRAY],
};
ARRAY.values = [1, ANY_VALUE];

const KEY_VALUE: Message = { key: [1, 'string'], value: [2, ANY_VALUE] };

const SEARCH_METRICS: Message = {
  inspectedTraces: [1, 'int'],
  inspectedBytes: [2, 'int'],
  completedJobs: [4, 'int'],
  totalJobs: [5, 'int'],
  inspectedSpans: [7, 'int'],
};

const METADATA_METRICS: Message = { totalJobs: [2, 'int'], completedJobs: [3, 'int'] };

const SPANSET: Message = {
  spans: [
    1,
    {
      spanID: [1, 'string'],
      name: [2, 'string'],
      startTimeUnixNano: [3, 'int'],
      durationNanos: [4, 'int'],
      attributes: [5, KEY_VALUE],
    },
  ],
  matched: [2, 'int'],
  attributes: [3, KEY_VALUE],
};

const EXEMPLAR: Message = { labels: [1, KEY_VALUE], value: [2, 'double'], timestampMs: [3, 'int'] };

function metricsResponse(series: Message): Message {
  return { series: [1, series], metrics: [2, SEARCH_METRICS], status: [3, 'partial'], message: [4, 'string'] };
}

/** Bodies of Tempo's API by what they answer. */
const MESSAGES = {
  search: {
    traces: [
      1,
      {
        traceID: [1, 'string'],
        rootServiceName: [2, 'string'],
        rootTraceName: [3, 'string'],
        startTimeUnixNano: [4, 'int'],
        durationMs: [5, 'int'],
        spanSet: [6, SPANSET],
        spanSets: [7, SPANSET],
        serviceStats: [8, { spanCount: [1, 'int'], errorCount: [2, 'int'] }, 'map'],
      },
    ],
    metrics: [2, SEARCH_METRICS],
  },
  tagsV1: { tagNames: [1, 'string'], metrics: [2, METADATA_METRICS] },
  tags: { scopes: [1, { name: [1, 'string'], tags: [2, 'string'] }], metrics: [2, METADATA_METRICS] },
  valuesV1: { tagValues: [1, 'string'], metrics: [2, METADATA_METRICS] },
  values: { tagValues: [1, { type: [1, 'string'], value: [2, 'string'] }], metrics: [2, METADATA_METRICS] },
  range: metricsResponse({
    labels: [1, KEY_VALUE],
    samples: [2, { value: [1, 'double'], timestampMs: [2, 'int'] }],
    exemplars: [4, EXEMPLAR],
  }),
  instant: metricsResponse({ labels: [1, KEY_VALUE], value: [2, 'double'] }),
} satisfies Record<string, Message>;

export type ReplyKind = keyof typeof MESSAGES;

/** The protobuf form of a JSON body; fields that only our JSON has are left out. */
export function encodeReply(kind: ReplyKind, body: object): Uint8Array {
  const writer = new ProtobufWriter(64 * 1024);
  writeMessage(writer, MESSAGES[kind], body as Body);
  return writer.finish();
}

type Body = Readonly<Record<string, unknown>>;

/** As deep as the messages are: array attributes hold no arrays. */
function writeMessage(writer: ProtobufWriter, message: Message, body: Body): void {
  for (const [name, value] of Object.entries(body)) {
    const field = message[name];
    if (field === undefined || value === undefined) continue;
    const [number, type, map] = field;
    if (map === 'map') writeMap(writer, number, type, value as Body);
    else if (Array.isArray(value)) for (const item of value) writeField(writer, number, type, item);
    else writeField(writer, number, type, value);
  }
}

function writeMap(writer: ProtobufWriter, number: number, type: Type, entries: Body): void {
  for (const [key, value] of Object.entries(entries)) {
    const mark = writer.open((number << 3) | 2);
    writeField(writer, 1, 'string', key);
    writeField(writer, 2, type, value);
    writer.close(mark);
  }
}

function writeField(writer: ProtobufWriter, number: number, type: Type, value: unknown): void {
  switch (type) {
    case 'string':
      writer.bytes((number << 3) | 2, Buffer.from(String(value)));
      return;
    case 'int':
      writer.varint(number << 3);
      writer.varint64(BigInt(value as string | number));
      return;
    case 'double':
      writer.varint((number << 3) | 1);
      writer.double(Number(value));
      return;
    case 'bool':
    case 'partial':
      writer.varint(number << 3);
      writer.byte(value === true || value === 'PARTIAL' ? 1 : 0);
      return;
    default: {
      const mark = writer.open((number << 3) | 2);
      writeMessage(writer, type, value as Body);
      writer.close(mark);
    }
  }
}
