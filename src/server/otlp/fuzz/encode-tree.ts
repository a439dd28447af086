import { WIRE_TYPES } from '#decoding/otlp/otlp-schema.ts';
import { ProtobufWriter } from '#decoding/otlp/protobuf-writer.ts';
import type { Choices } from './choices.ts';
import { type FieldTree, isTree, type MessageTree } from './message-tree.ts';

/** Protobuf of a tree, fields in any order, with unknown ones among them. */
export function treeToProto(choices: Choices, tree: MessageTree): Uint8Array {
  const writer = new ProtobufWriter();
  writeMessage(choices, writer, tree);
  return writer.finish().slice();
}

function writeMessage(choices: Choices, writer: ProtobufWriter, tree: MessageTree): void {
  for (const { field, value } of inAnyOrder(choices, tree)) {
    if (choices.chance(0.01)) writer.bytes((900 << 3) | 2, choices.bytes(5));
    const tag = (field.number << 3) | WIRE_TYPES[field.type];
    if (isTree(value)) {
      const mark = writer.open(tag);
      writeMessage(choices, writer, value);
      writer.close(mark);
    } else if (typeof value === 'string') writer.bytes(tag, new TextEncoder().encode(value));
    else if (value instanceof Uint8Array) writer.bytes(tag, value);
    else {
      writer.varint(tag);
      if (field.type === 'double') writer.double(Number(value));
      else if (field.type === 'fixed32') writer.fixed32(Number(value));
      else if (field.type === 'fixed64') writer.fixed64(BigInt(value));
      else writer.varint64(BigInt(value));
    }
  }
}

/** JSON of a tree, members in any order, with unknown and null ones among them and each spelling that is allowed. */
export function treeToJson(choices: Choices, tree: MessageTree): string {
  const members: string[] = [];
  const lists = new Map<string, string[]>();
  for (const { field, value } of inAnyOrder(choices, tree)) {
    const name = JSON.stringify(field.name);
    if (!field.repeated) members.push(`${name}:${valueToJson(choices, field.type, value)}`);
    else lists.set(name, [...(lists.get(name) ?? []), valueToJson(choices, field.type, value)]);
  }
  for (const [name, items] of lists) members.push(`${name}:[${items.join()}]`);
  if (choices.chance(0.05)) members.push(choices.of(['"unknown":{"x":[1,null]}', '"":0', '"__proto__":{"x":1}']));
  const space = choices.chance(0.05) ? ' \n\t' : '';
  return `{${space}${choices.shuffled(members).join(`${space},`)}}`;
}

function valueToJson(choices: Choices, type: FieldTree['field']['type'], value: FieldTree['value']): string {
  if (isTree(value)) return treeToJson(choices, value);
  if (value instanceof Uint8Array) {
    const buffer = Buffer.from(value);
    if (type === 'bytes') return JSON.stringify(buffer.toString(choices.of(['base64', 'base64url'])));
    const hex = buffer.toString('hex');
    return JSON.stringify(choices.chance(0.1) ? hex.toUpperCase() : hex);
  }
  switch (typeof value) {
    case 'bigint':
      return choices.chance(0.5) ? `"${value}"` : String(value);
    case 'number':
      if (!Number.isFinite(value)) return `"${value}"`;
      return Object.is(value, -0) ? '-0.0' : String(value);
    default:
      return JSON.stringify(value);
  }
}

/** Fields shuffled; items of one repeated field keep their order, which means something. */
function inAnyOrder(choices: Choices, { fields }: MessageTree): readonly FieldTree[] {
  if (!choices.chance(0.3)) return fields;
  const queues = new Map<number, FieldTree[]>();
  for (const field of fields) queues.set(field.field.number, [...(queues.get(field.field.number) ?? []), field]);
  return choices.shuffled(fields).map(({ field }) => queues.get(field.number)?.shift() as FieldTree);
}
