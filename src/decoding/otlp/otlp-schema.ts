/** The messages of OTLP traces as tables, for everything that turns protobuf to JSON or back. */
export interface Message {
  readonly name: string;
  /** By field number; holes where OTLP has none. */
  readonly fields: readonly (Field | undefined)[];
}

export interface Field {
  readonly number: number;
  /** lowerCamelCase, as in JSON. */
  readonly name: string;
  readonly type: FieldType;
  readonly repeated: boolean;
  /** Member of a oneof: written even when its value is zero. */
  readonly oneof: boolean;
  /** For `message`; a function because AnyValue contains itself. */
  readonly message: () => Message;
  /** For `enum`: names by number. */
  readonly names: readonly string[];
}

/** `id` is bytes that JSON shows as hex; `bytes` are base64. */
export type FieldType =
  | 'string'
  | 'id'
  | 'bytes'
  | 'bool'
  | 'int32'
  | 'uint32'
  | 'fixed32'
  | 'fixed64'
  | 'int64'
  | 'double'
  | 'enum'
  | 'message';

export const WIRE_TYPES: Readonly<Record<FieldType, number>> = {
  string: 2,
  id: 2,
  bytes: 2,
  message: 2,
  bool: 0,
  int32: 0,
  uint32: 0,
  int64: 0,
  enum: 0,
  fixed32: 5,
  fixed64: 1,
  double: 1,
};

const NONE: Message = { name: '', fields: [] };

function field(number: number, name: string, type: FieldType, more: Partial<Field> = {}): Field {
  return { number, name, type, repeated: false, oneof: false, message: () => NONE, names: [], ...more };
}

function message(name: string, fields: readonly Field[]): Message {
  const byNumber: (Field | undefined)[] = [];
  for (const one of fields) byNumber[one.number] = one;
  return { name, fields: byNumber };
}

const many = (of: () => Message): Partial<Field> => ({ repeated: true, message: of });
const one = (of: () => Message): Partial<Field> => ({ message: of });
const member = { oneof: true };

const ARRAY_VALUE = message('ArrayValue', [
  field(
    1,
    'values',
    'message',
    many(() => ANY_VALUE),
  ),
]);
const KEY_VALUE_LIST = message('KeyValueList', [
  field(
    1,
    'values',
    'message',
    many(() => KEY_VALUE),
  ),
]);

export const ANY_VALUE: Message = message('AnyValue', [
  field(1, 'stringValue', 'string', member),
  field(2, 'boolValue', 'bool', member),
  field(3, 'intValue', 'int64', member),
  field(4, 'doubleValue', 'double', member),
  field(5, 'arrayValue', 'message', { ...one(() => ARRAY_VALUE), ...member }),
  field(6, 'kvlistValue', 'message', { ...one(() => KEY_VALUE_LIST), ...member }),
  field(7, 'bytesValue', 'bytes', member),
  field(8, 'stringValueStrindex', 'int32', member),
]);

const KEY_VALUE: Message = message('KeyValue', [
  field(1, 'key', 'string'),
  field(
    2,
    'value',
    'message',
    one(() => ANY_VALUE),
  ),
  field(3, 'keyStrindex', 'int32'),
]);

const attributes = (number: number) =>
  field(
    number,
    'attributes',
    'message',
    many(() => KEY_VALUE),
  );
const dropped = (number: number) => field(number, 'droppedAttributesCount', 'uint32');

const ENTITY_REF = message('EntityRef', [
  field(1, 'schemaUrl', 'string'),
  field(2, 'type', 'string'),
  field(3, 'idKeys', 'string', { repeated: true }),
  field(4, 'descriptionKeys', 'string', { repeated: true }),
]);

const RESOURCE = message('Resource', [
  attributes(1),
  dropped(2),
  field(
    3,
    'entityRefs',
    'message',
    many(() => ENTITY_REF),
  ),
]);

const SCOPE = message('InstrumentationScope', [
  field(1, 'name', 'string'),
  field(2, 'version', 'string'),
  attributes(3),
  dropped(4),
]);

const EVENT = message('Event', [
  field(1, 'timeUnixNano', 'fixed64'),
  field(2, 'name', 'string'),
  attributes(3),
  dropped(4),
]);

const LINK = message('Link', [
  field(1, 'traceId', 'id'),
  field(2, 'spanId', 'id'),
  field(3, 'traceState', 'string'),
  attributes(4),
  dropped(5),
  field(6, 'flags', 'fixed32'),
]);

const STATUS = message('Status', [
  field(2, 'message', 'string'),
  field(3, 'code', 'enum', { names: ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'] }),
]);

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(kind => `SPAN_KIND_${kind}`);

const SPAN = message('Span', [
  field(1, 'traceId', 'id'),
  field(2, 'spanId', 'id'),
  field(3, 'traceState', 'string'),
  field(4, 'parentSpanId', 'id'),
  field(5, 'name', 'string'),
  field(6, 'kind', 'enum', { names: KINDS }),
  field(7, 'startTimeUnixNano', 'fixed64'),
  field(8, 'endTimeUnixNano', 'fixed64'),
  attributes(9),
  field(10, 'droppedAttributesCount', 'uint32'),
  field(
    11,
    'events',
    'message',
    many(() => EVENT),
  ),
  field(12, 'droppedEventsCount', 'uint32'),
  field(
    13,
    'links',
    'message',
    many(() => LINK),
  ),
  field(14, 'droppedLinksCount', 'uint32'),
  field(
    15,
    'status',
    'message',
    one(() => STATUS),
  ),
  field(16, 'flags', 'fixed32'),
]);

const SCOPE_SPANS = message('ScopeSpans', [
  field(
    1,
    'scope',
    'message',
    one(() => SCOPE),
  ),
  field(
    2,
    'spans',
    'message',
    many(() => SPAN),
  ),
  field(3, 'schemaUrl', 'string'),
]);

export const RESOURCE_SPANS = message('ResourceSpans', [
  field(
    1,
    'resource',
    'message',
    one(() => RESOURCE),
  ),
  field(
    2,
    'scopeSpans',
    'message',
    many(() => SCOPE_SPANS),
  ),
  field(3, 'schemaUrl', 'string'),
]);

export const TRACES_DATA = message('TracesData', [
  field(
    1,
    'resourceSpans',
    'message',
    many(() => RESOURCE_SPANS),
  ),
]);
