import { type Field, type Message, TRACES_DATA } from '#decoding/otlp/otlp-schema.ts';
import type { Choices } from './choices.ts';

/** One OTLP message before it has an encoding. */
export interface MessageTree {
  readonly message: Message;
  readonly fields: readonly FieldTree[];
}

/** A field that is set. Repeated ones stand once for each item. */
export interface FieldTree {
  readonly field: Field;
  /** By `field.type`: text, bytes, flag, 32 bits, 64 bits, double or message. */
  readonly value: string | Uint8Array | boolean | bigint | number | MessageTree;
}

/** Ids that the spans of one case carry. */
export interface CaseIds {
  readonly traces: readonly Uint8Array[];
  readonly spans: readonly Uint8Array[];
}

const TEXTS = [
  '',
  'GET /',
  'service.name',
  'a\0b',
  '\u202eabc',
  '👩‍👩‍👧',
  '__proto__',
  'x'.repeat(300),
  '"\\\n\u2028',
  'é',
  'tenant.id',
];
const INT64 = [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 200n];
const TIMES = [0n, 1n, 1_763_632_800_000_000_001n, 1_763_632_800_000_000_501n, 2n ** 63n, 2n ** 64n - 1n];
const DOUBLES = [0, -0, 1.5, -1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const WORDS = [0, 1, 2, 5, 99, 2 ** 31 - 1];
const MAX_DEPTH = 12;

/** A valid request whose spans carry these ids (and now and then a bad one). */
export function drawRequest(choices: Choices, ids: CaseIds): MessageTree {
  return drawMessage(choices, TRACES_DATA, ids, 0);
}

function drawMessage(choices: Choices, message: Message, ids: CaseIds, depth: number): MessageTree {
  const fields: FieldTree[] = [];
  const known = message.fields.filter(field => field !== undefined);
  const members = known.filter(({ oneof }) => oneof);
  const member = members.length > 0 && choices.chance(0.95) ? choices.of(members) : undefined;
  for (const field of known) {
    if (field.oneof ? field !== member : !choices.chance(likelihood(message, field))) continue;
    const nests = field.type === 'message';
    if (nests && depth >= MAX_DEPTH) continue;
    const items = field.repeated ? choices.below(nests && depth > 5 ? 2 : 4) : 1;
    for (let i = 0; i < items; i++) fields.push({ field, value: drawValue(choices, message, field, ids, depth) });
  }
  return { message, fields };
}

/** What carries spans is nearly always there; the rest as often as not. */
function likelihood(message: Message, { name }: Field): number {
  if (['resourceSpans', 'scopeSpans', 'spans'].includes(name)) return 1;
  return message.name === 'Span' && (name === 'traceId' || name === 'spanId') ? 0.98 : 0.5;
}

function drawValue(choices: Choices, message: Message, field: Field, ids: CaseIds, depth: number): FieldTree['value'] {
  switch (field.type) {
    case 'string':
      return choices.of(TEXTS);
    case 'id':
      if (choices.chance(0.03))
        return choices.of([new Uint8Array(16), new Uint8Array(8), new Uint8Array(), choices.bytes(7)]);
      return choices.of(field.name === 'traceId' ? ids.traces : ids.spans);
    case 'bytes':
      return choices.bytes(choices.below(20));
    case 'bool':
      return choices.chance(0.5);
    case 'int64':
      return choices.of(INT64);
    case 'fixed64':
      return choices.of(TIMES);
    case 'double':
      return choices.of(DOUBLES);
    case 'uint32':
    case 'fixed32':
      return choices.chance(0.2) ? 2 ** 32 - 1 : choices.of(WORDS);
    case 'int32':
      return choices.of(WORDS);
    case 'enum':
      return message.name === 'Span' && choices.chance(0.1) ? -1 : choices.of(WORDS);
    case 'message':
      return drawMessage(choices, field.message(), ids, depth + 1);
  }
}

/** The same tree after a few changes that keep it valid: a field dropped, doubled or taken from another tree. */
export function reshape(choices: Choices, tree: MessageTree, other: MessageTree): MessageTree {
  const donors = new Map<Message, MessageTree[]>();
  const collect = [other];
  for (let at = 0; at < collect.length; at++) {
    const { message, fields } = collect[at];
    donors.set(message, [...(donors.get(message) ?? []), collect[at]]);
    for (const { value } of fields) if (isTree(value)) collect.push(value);
  }
  const change = (node: MessageTree): MessageTree => {
    const fields = node.fields.flatMap((field): FieldTree[] => {
      if (choices.chance(0.02)) return [];
      const { value } = field;
      const spare = isTree(value) && choices.chance(0.03) ? donors.get(value.message) : undefined;
      const next = spare === undefined ? value : choices.of(spare);
      const kept = { ...field, value: isTree(next) && spare === undefined ? change(next) : next };
      return field.field.repeated && choices.chance(0.03) ? [kept, kept] : [kept];
    });
    return { ...node, fields };
  };
  return change(tree);
}

export function isTree(value: FieldTree['value']): value is MessageTree {
  return typeof value === 'object' && 'message' in value;
}
