import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonTraceDecoder } from '#decoding/json-trace-decoder.ts';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import type { WireDetails } from '#decoding/otlp/wire-details.ts';
import { anySpan } from '#decoding/testing/any-span.ts';
import { drawTraceProto } from '#decoding/testing/draw-trace-proto.ts';
import { spelledOut } from '#decoding/testing/spelled-out.ts';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

const traceId = DRAWN_TRACE_ID as TraceId;
const utf8 = new TextEncoder();

function tableOf(bytes: Uint8Array): TraceTable {
  const decoded = decodeTrace(traceId, bytes);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

function exported(table: TraceTable): string {
  return [...(table.details as WireDetails).file({ format: 'otlp-json' })].map(({ text }) => text).join('');
}

function imported(json: string): TraceTable {
  const decoder = new JsonTraceDecoder({ traceId, maxBytes: 1e9 });
  const pushed = decoder.push(utf8.encode(json));
  const result = pushed.ok ? decoder.finish() : pushed;
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('a trace as OTLP JSON', () => {
  it('is the same table when it is read again, with everything that its details hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySpan, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 3 }), async (few, more) => {
        const spans = few.length === 0 ? [] : [...few, ...more.map(at => few[at % few.length])];
        const table = tableOf(encodeTraces(spans));
        const again = imported(exported(table));
        expect(spelledOut(again)).toEqual(spelledOut(table));
        for (let row = 0; row < table.length; row++) {
          expect(await again.details.span(row)).toEqual(await table.details.span(row));
          expect(await again.details.rawJson(row)).toBe(await table.details.rawJson(row));
        }
        expect(await again.details.otlp()).toEqual(await table.details.otlp());
      }),
      { numRuns: 150 },
    );
  });

  it('is what the specification says: hex ids, 64-bit numbers as text, enums as numbers', () => {
    const json = exported(tableOf(drawTraceProto('web  GET / @server n=12 !  |--|')));
    expect(JSON.parse(json)).toEqual(JSON.parse(protoToOtlpJson(drawTraceProto('web  GET / @server n=12 !  |--|'))));
    expect(json).toContain(`"traceId":"${traceId}"`);
    expect(json).toMatch(/"kind":2,.*"startTimeUnixNano":"\d{19}".*"intValue":"12".*"code":2/);
  });

  it('comes in pieces, and is one document', () => {
    const [span] = readDrawing('web  GET /  |--|');
    const spans = Array.from({ length: 4_500 }, (_, i) => ({
      ...span,
      spanId: (i + 1).toString(16).padStart(16, '0'),
    }));
    const table = tableOf(encodeTraces(spans));
    const pieces = [...(table.details as WireDetails).file({ format: 'otlp-json' })];
    expect(pieces.map(({ spans: written }) => written)).toEqual([2_000, 4_000, 4_500, 4_500]);
    expect(imported(pieces.map(({ text }) => text).join('')).length).toBe(4_500);
  });

  it('of no spans is a document without any', () => {
    expect(JSON.parse(exported(tableOf(new Uint8Array(0))))).toEqual({ resourceSpans: [] });
  });
});
