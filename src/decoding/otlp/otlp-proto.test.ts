import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import type { SpanSink } from '#domain/trace/span-sink.ts';
import type { Attribute, AttributeValue, TraceTable } from '#domain/trace/trace-table.ts';
import { decodeTrace } from './decode-trace.ts';
import { encodeTraces } from './otlp-encode.ts';
import { scanTraces } from './otlp-proto.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

function decoded(bytes: Uint8Array): TraceTable {
  const result = decodeTrace(DRAWN_TRACE_ID as TraceId, bytes);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const nothing: SpanSink = { resource: () => undefined, scope: () => undefined, span: () => undefined };

describe('protobuf corners', () => {
  const span = (write: (writer: ProtobufWriter) => void) => {
    const writer = new ProtobufWriter();
    const marks = [writer.open(0x0a), writer.open(0x12), writer.open(0x12)];
    write(writer);
    for (const mark of marks.toReversed()) writer.close(mark);
    return writer.finish();
  };
  const errorOf = (bytes: Uint8Array) => {
    const result = scanTraces(bytes, nothing);
    return result.ok ? undefined : result.error.message;
  };

  it('ignores unknown fields and groups', () => {
    const bytes = span(writer => {
      writer.varint((999 << 3) | 3);
      writer.varint((5 << 3) | 0);
      writer.varint(7);
      writer.varint((999 << 3) | 4);
      writer.bytes((500 << 3) | 2, Uint8Array.of(1));
    });
    expect(scanTraces(bytes, nothing)).toMatchObject({ ok: true, value: { spans: 1, unknownFields: 0 } });
  });

  it('counts groups that OTLP does not know any more', () => {
    const writer = new ProtobufWriter();
    const resourceSpans = writer.open(0x0a);
    writer.bytes((1000 << 3) | 2, Uint8Array.of());
    writer.close(resourceSpans);
    expect(scanTraces(writer.finish(), nothing)).toMatchObject({ ok: true, value: { spans: 0, unknownFields: 1 } });
  });

  it('rejects wrong wire types, long varints, lengths beyond the end, field 0, endless groups', () => {
    expect(errorOf(span(writer => writer.bytes((6 << 3) | 2, Uint8Array.of(1))))).toBe(
      'field 6 of Span has wire type 2',
    );
    expect(errorOf(span(writer => writer.raw(Uint8Array.of(0x30, ...Array(11).fill(0x80)))))).toBe(
      'a number is longer than 10 bytes',
    );
    expect(errorOf(Uint8Array.of(0x0a, 0x7f))).toBe('a field is longer than the message around it');
    expect(errorOf(Uint8Array.of(0x02, 0x00))).toBe('a field has no valid number');
    expect(errorOf(new Uint8Array(100_000).fill(0x23))).toBe('groups nest more than 100 deep');
    expect(errorOf(new TextEncoder().encode('{"resourceSpans":[]}'))).toBeDefined();
  });

  it('takes values nested 100 deep and no deeper', () => {
    const nested = (depth: number): AttributeValue => {
      let inner: AttributeValue = { type: 'bool', value: true };
      for (let i = 1; i < depth; i++)
        inner = i % 2 === 0 ? { type: 'list', value: [inner] } : { type: 'map', value: [{ key: 'k', value: inner }] };
      return inner;
    };
    const [plain] = readDrawing('a  root  |');
    const bytes = (depth: number) => encodeTraces([{ ...plain, attributes: [{ key: 'deep', value: nested(depth) }] }]);
    expect(errorOf(bytes(100))).toBeUndefined();
    expect(errorOf(bytes(101))).toBe('an attribute value nests more than 100 deep');
    expect(errorOf(bytes(1000))).toBe('an attribute value nests more than 100 deep');
  });

  it('puts a resource together that comes in parts, wherever it stands', () => {
    const [plain] = readDrawing('a  root  |');
    const [one, two] = ['x', 'y'].map(key => ({ key, value: { type: 'string', value: key } }) as const);
    const withResource = (keys: readonly Attribute[]) => encodeTraces([{ ...plain, resource: { attributes: keys } }]);
    const inner = (bytes: Uint8Array) => bytes.subarray(2);
    const resourceOf = (bytes: Uint8Array) => inner(bytes).subarray(0, 2 + inner(bytes)[1]);
    const first = resourceOf(withResource([one]));
    const rest = inner(withResource([two]));
    const writer = new ProtobufWriter();
    const mark = writer.open(0x0a);
    writer.raw(rest);
    writer.bytes(0x1a, new TextEncoder().encode('https://schema'));
    writer.raw(first);
    writer.close(mark);
    const table = decoded(writer.finish());
    expect(table.resources).toEqual([
      { serviceName: '', attributes: [two, one], schemaUrl: 'https://schema', droppedAttributes: 0 },
    ]);
  });
});
