import type { SpanRanges, WireMessage, WireRanges } from '#domain/trace/wire-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/**
 * Span messages, byte for byte, as a TracesData message: neighbours of one resource, and within it of one scope, share a
 * group.
 */
export function spansToTraces(wire: Omit<WireRanges, 'copies'>): Uint8Array {
  const { bytes, from, to, resource, scope, resources, scopes } = wire;
  const writer = new ProtobufWriter(roomFor(wire));
  for (let span = 0; span < from.length; ) {
    const ofResource = resource[span];
    const resourceSpans = writer.open(0x0a);
    writer.bytes(0x0a, resources[ofResource].message);
    while (span < from.length && resource[span] === ofResource) {
      const ofScope = scope[span];
      const scopeSpans = writer.open(0x12);
      writer.bytes(0x0a, scopes[ofScope].message);
      for (; span < from.length && resource[span] === ofResource && scope[span] === ofScope; span++) {
        writer.bytes(0x12, bytes.subarray(from[span], to[span]));
      }
      writeSchemaUrl(writer, scopes[ofScope]);
      writer.close(scopeSpans);
    }
    writeSchemaUrl(writer, resources[ofResource]);
    writer.close(resourceSpans);
  }
  return writer.finish();
}

/** All spans of a table in the order in which they arrived, with the identical copies that it dropped. */
export function arrivedSpans(wire: WireRanges): Omit<WireRanges, 'copies'> {
  const { copies } = wire;
  const rows = wire.from.length;
  const count = rows + copies.from.length;
  const startOf = (i: number): number => (i < rows ? wire.from[i] : copies.from[i - rows]);
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => startOf(a) - startOf(b));
  const gather = <Column extends Uint32Array | Int32Array>(column: keyof SpanRanges, into: Column): Column => {
    for (let i = 0; i < count; i++) {
      into[i] = order[i] < rows ? wire[column][order[i]] : copies[column][order[i] - rows];
    }
    return into;
  };
  return {
    ...wire,
    from: gather('from', new Uint32Array(count)),
    to: gather('to', new Uint32Array(count)),
    resource: gather('resource', new Int32Array(count)),
    scope: gather('scope', new Int32Array(count)),
  };
}

function writeSchemaUrl(writer: ProtobufWriter, { schemaUrl }: WireMessage): void {
  if (schemaUrl !== '') writer.bytes(0x1a, utf8.encode(schemaUrl));
}

/** Enough for most traces, so that the buffer is not copied while it grows. */
function roomFor({ from, to, resource, scope, resources, scopes }: Omit<WireRanges, 'copies'>): number {
  let room = 1024;
  for (let span = 0; span < from.length; span++) {
    const isNew = span === 0 || resource[span] !== resource[span - 1];
    if (isNew) room += resources[resource[span]].message.length + 16;
    if (isNew || scope[span] !== scope[span - 1]) room += scopes[scope[span]].message.length + 16;
    room += to[span] - from[span] + 6;
  }
  return room;
}

const utf8 = new TextEncoder();
