import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonTraceDecoder } from '#decoding/json-trace-decoder.ts';
import { anySpan } from '#decoding/testing/any-span.ts';
import { drawTraceProto } from '#decoding/testing/draw-trace-proto.ts';
import { spelledOut } from '#decoding/testing/spelled-out.ts';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import { checkTraceTable } from '#domain/trace/check-trace-table.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { SpanSink } from '#domain/trace/span-sink.ts';
import { TraceBuilder } from '#domain/trace/trace-builder.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { decodeTrace } from './decode-trace.ts';
import { encodeTraces } from './otlp-encode.ts';
import { otlpJsonToProto } from './otlp-json.ts';
import { scanTraces } from './otlp-proto.ts';
import { otlpReader } from './otlp-reader.ts';
import { protoToOtlpJson } from './otlp-to-json.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { TraceScanner } from './trace-scanner.ts';
import { WireDetails } from './wire-details.ts';

const traceId = DRAWN_TRACE_ID as TraceId;

function decoded(bytes: Uint8Array): TraceTable {
  const result = decodeTrace(traceId, bytes);
  if (!result.ok) throw new Error(result.error.message);
  expect(checkTraceTable(result.value)).toEqual([]);
  return result.value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const nothing: SpanSink = { resource: () => undefined, scope: () => undefined, span: () => undefined };

describe('OTLP protobuf', () => {
  it('decodes a drawn trace to the table drawn', () => {
    const text = `
      gateway  GET /checkout @server    |--------*-------|
      cart       SELECT items @client      |---|
      pay        POST /charge !declined        |---*---|
      -            later ~1 k=1                   |----|
    `;
    expect(spelledOut(decoded(drawTraceProto(text)))).toEqual(spelledOut(tableOfSpans(readDrawing(text))));
  });

  it('decodes what was encoded, attributes included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySpan, { minLength: 1, maxLength: 6 }), async spans => {
        const table = decoded(encodeTraces(spans));
        const expected = tableOfSpans(spans);
        expect(spelledOut(table)).toEqual(spelledOut(expected));
        for (let row = 0; row < table.length; row++) {
          expect(await table.details.span(row)).toEqual(await expected.details.span(row));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives a table back as a message of the same spans, whatever it repaired', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySpan, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 3 }), async (few, more) => {
        const spans = few.length === 0 ? [] : [...few, ...more.map(at => few[at % few.length])];
        const table = decoded(encodeTraces(spans));
        const bytes = await table.details.otlp();
        const again = decoded(bytes);
        expect(spelledOut(again)).toEqual(spelledOut(table));
        expect(await again.details.otlp()).toEqual(bytes);
        for (let row = 0; row < table.length; row++) {
          expect(await again.details.rawJson(row)).toBe(await table.details.rawJson(row));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('turns to OTLP/JSON and back to the same bytes', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 4 }), fc.constantFrom(0, 2), (spans, indent) => {
        const bytes = encodeTraces(spans);
        const json = protoToOtlpJson(bytes, { indent });
        JSON.parse(json);
        expect(otlpJsonToProto(new TextEncoder().encode(json))).toEqual({ ok: true, value: bytes });
      }),
      { numRuns: 150 },
    );
  });

  it('answers mutated JSON with bytes that scan or an error', () => {
    const mutation = fc.record({
      at: fc.nat(),
      insert: fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '9', '-', 'null', '\\'),
      remove: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(anySpan, { minLength: 1, maxLength: 2 }),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (spans, mutations) => {
          let json = protoToOtlpJson(encodeTraces(spans));
          for (const { at, insert, remove } of mutations) {
            const place = at % json.length;
            json = json.slice(0, place) + insert + json.slice(place + remove);
          }
          const result = otlpJsonToProto(new TextEncoder().encode(json));
          const valid = isJson(json);
          if (result.ok) {
            expect(valid).toBe(true);
            expect(scanTraces(result.value, nothing).ok).toBe(true);
          } else expect(result.error.message).not.toBe('');
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives the same table in pieces of any size, plain and in Tempo’s envelope', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 5 }), fc.integer({ min: 1, max: 400 }), (spans, size) => {
        const plain = encodeTraces(spans);
        const expected = spelledOut(decoded(plain));
        const envelope = new ProtobufWriter();
        envelope.bytes(0x12, Uint8Array.of(1, 2, 3));
        envelope.bytes(0x0a, plain);
        envelope.varint(0x18);
        envelope.varint(1);
        envelope.bytes(0x22, new TextEncoder().encode('cut at 5 MB'));
        for (const [kind, bytes, partial] of [
          ['traces', plain, undefined],
          ['tempo', envelope.finish(), 'cut at 5 MB'],
        ] as const) {
          const builder = new TraceBuilder(traceId, otlpReader);
          const scanner = new TraceScanner(builder, { envelope: kind, maxBytes: 1e9 });
          for (let at = 0; at < bytes.length; at += size) {
            expect(scanner.push(bytes.subarray(at, at + size))).toEqual({ ok: true, value: undefined });
          }
          expect(scanner.finish()).toEqual({ ok: true, value: { spans: spans.length, partial } });
          expect(spelledOut(builder.finish(wire => new WireDetails(wire)))).toEqual(expected);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('tells when a stream is cut off, wherever', () => {
    const bytes = drawTraceProto('a  root  |---|');
    for (let length = 1; length < bytes.length; length++) {
      const scanner = new TraceScanner(nothing, { envelope: 'traces', maxBytes: 1e9 });
      const pushed = scanner.push(bytes.subarray(0, length));
      expect(pushed.ok && scanner.finish().ok, `${length} bytes`).toBe(false);
      expect(scanTraces(bytes.subarray(0, length), nothing).ok, `${length} bytes`).toBe(false);
    }
  });

  it('answers mutated bytes with a sound table or an error, never a throw', async () => {
    const mutation = fc.record({
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
      remove: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySpan, { minLength: 1, maxLength: 3 }),
        fc.array(mutation, { maxLength: 6 }),
        async (spans, mutations) => {
          const bytes = [...encodeTraces(spans)];
          for (const { at, byte, remove } of mutations) bytes.splice(at % bytes.length, remove, byte);
          const result = decodeTrace(traceId, Uint8Array.from(bytes));
          if (!result.ok) {
            expect(result.error.message).not.toBe('');
            return;
          }
          expect(checkTraceTable(result.value)).toEqual([]);
          for (let row = 0; row < result.value.length; row++) {
            await result.value.details.span(row);
            JSON.parse(await result.value.details.rawJson(row));
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => typeof scanTraces(bytes, nothing).ok === 'boolean'),
      { numRuns: 2000 },
    );
  });
});

describe('a trace as JSON, while it arrives', () => {
  const utf8 = new TextEncoder();
  const decodeJson = (text: string, size = text.length) => {
    const decoder = new JsonTraceDecoder({ traceId, maxBytes: 1e9 });
    const bytes = utf8.encode(text);
    for (let at = 0; at < bytes.length; at += size) {
      const pushed = decoder.push(bytes.subarray(at, at + size));
      if (!pushed.ok) return pushed;
    }
    return decoder.finish();
  };
  const errorOf = (text: string) => {
    const result = decodeJson(text);
    return result.ok ? undefined : result.error;
  };

  it('gives the table of the same spans, in pieces of any size, as OTLP and as Tempo write it', () => {
    const forms = [
      (spans: PlainSpan[]) => protoToOtlpJson(encodeTraces(spans), { indent: 1 }),
      (spans: PlainSpan[]) =>
        `\ufeff{"metrics":{"x":[[{"resourceSpans":[{}]}]]},"trace":${protoToOtlpJson(encodeTraces(spans), { style: 'tempo' })}}\n`,
      (spans: PlainSpan[]) =>
        protoToOtlpJson(encodeTraces(spans), { style: 'tempo' }).replace('"resourceSpans"', ' "batches"'),
    ];
    fc.assert(
      fc.property(
        fc.array(anySpan, { maxLength: 5 }),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(...forms),
        (spans, size, write) => {
          const result = decodeJson(write(spans), size);
          if (!result.ok) throw new Error(result.error.message);
          expect(spelledOut(result.value)).toEqual(spelledOut(decoded(encodeTraces(spans))));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps what was said of a trace that is not whole', () => {
    const text = '{"trace":{"resourceSpans":[]},"status":"PARTIAL","message":"cut at \\"5 MB\\""}';
    const result = decodeJson(text, 7);
    expect(result.ok && result.value.partial).toBe('cut at "5 MB"');
    const whole = decodeJson('{"message":"","status":"COMPLETE"}');
    expect(whole.ok && whole.value.partial).toBeUndefined();
  });

  it('names the place of what cannot be read', () => {
    const text = '{"trace":{"resourceSpans":[{},{"scopeSpans":[{"spans":[{"kind":{}}]}]}]}}';
    expect(errorOf(text)).toMatchObject({
      message: expect.stringContaining('scopeSpans[0].spans[0].kind: expected a number'),
      offset: text.indexOf('{}}]'),
    });
    expect(errorOf('')?.message).toBe('expected an object');
    for (const other of ['[]', 'null', '"x"', '<html>']) expect(errorOf(other)?.message, other).toContain('expected');
    for (const wrong of ['{"a":1}}', '{]', '{"resourceSpans":[}', '{} x'])
      expect(errorOf(wrong)?.message, wrong).toBeTypeOf('string');
  });

  it('tells when it is cut off, wherever', () => {
    const text = protoToOtlpJson(drawTraceProto('a  root  |---|'), { style: 'tempo' });
    for (let length = 0; length < text.length; length++) {
      expect(errorOf(text.slice(0, length)), `${length} characters`).toBeDefined();
    }
    expect(errorOf(text)).toBeUndefined();
  });

  it('answers mutated text with a sound table or an error, never a throw', () => {
    const mutation = fc.record({
      at: fc.nat(),
      insert: fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '9', '\\'),
      remove: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(anySpan, { minLength: 1, maxLength: 2 }),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 99 }),
        (spans, mutations, size) => {
          let json = protoToOtlpJson(encodeTraces(spans), { style: 'tempo' });
          for (const { at, insert, remove } of mutations) {
            const place = at % json.length;
            json = json.slice(0, place) + insert + json.slice(place + remove);
          }
          const result = decodeJson(json, size);
          if (result.ok) expect(checkTraceTable(result.value)).toEqual([]);
          else expect(result.error.message).not.toBe('');
        },
      ),
      { numRuns: 400 },
    );
  });
});
