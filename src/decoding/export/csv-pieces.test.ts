import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import type { WireDetails } from '#decoding/otlp/wire-details.ts';
import { anySpan } from '#decoding/testing/any-span.ts';
import { selfTimeNs } from '#domain/analysis/self-time.ts';
import type { TraceId } from '#domain/ids.ts';
import { spanIdOf } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { CSV_COLUMNS } from './csv-pieces.ts';

function tableOf(spans: readonly PlainSpan[]): TraceTable {
  const decoded = decodeTrace(DRAWN_TRACE_ID as TraceId, encodeTraces(spans));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

type Line = Record<(typeof CSV_COLUMNS)[number], string>;

function lines(table: TraceTable): Line[] {
  const pieces = (table.details as WireDetails).file({ format: 'csv', parent: table.parent });
  const [header, ...rows] = readCsv([...pieces].map(({ text }) => text).join(''));
  expect(header).toEqual(CSV_COLUMNS);
  return rows.map(cells => {
    expect(cells).toHaveLength(CSV_COLUMNS.length);
    return Object.fromEntries(CSV_COLUMNS.map((column, i) => [column, cells[i]])) as Line;
  });
}

/** By RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('the spans of a trace as CSV', () => {
  it('are the rows of the table, with every digit of their times', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 6 }), spans => {
        const table = tableOf(spans);
        const rows = lines(table);
        expect(rows.map(row => row.span_id)).toEqual(Array.from(table.spanId, spanIdOf));
        const sent = spans.map(({ spanId, startUnixNano: start, endUnixNano: end, flags }) =>
          [spanId, start, end, end - start, flags].join(' '),
        );
        for (const [i, row] of rows.entries()) {
          const { span_id, start_unix_nano, end_unix_nano, duration_nano, trace_flags, depth } = row;
          expect(sent).toContain([span_id, start_unix_nano, end_unix_nano, duration_nano, trace_flags].join(' '));
          expect(depth).toBe(String(table.depth[i]));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('have the self time that the page shows', () => {
    const within = anySpan.map(span => {
      const startUnixNano = 1_760_000_000_000_000_000n + (span.startUnixNano % 1_000n);
      return { ...span, startUnixNano, endUnixNano: startUnixNano + (span.endUnixNano % 1_000n) };
    });
    const forest = fc.tuple(fc.array(within, { maxLength: 6 }), fc.array(fc.nat(), { minLength: 6, maxLength: 6 }));
    fc.assert(
      fc.property(forest, ([spans, above]) => {
        const parentOf = (i: number): string => spans[above[i] % (spans.length + 1)]?.spanId ?? '';
        const table = tableOf(spans.map((span, i) => ({ ...span, parentSpanId: parentOf(i) })));
        expect(lines(table).map(row => Number(row.self_time_nano))).toEqual(Array.from(selfTimeNs(table)));
      }),
      { numRuns: 100 },
    );
  });

  it('run nothing in a spreadsheet, whatever spans are called', () => {
    const [span] = readDrawing('web  GET /  |--|');
    for (const evil of ['=cmd|"/c calc"!A1', '+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1']) {
      const resource = { attributes: [{ key: 'service.name', value: { type: 'string' as const, value: evil } }] };
      const attributes = [{ key: evil, value: { type: 'string' as const, value: evil } }];
      const [row] = lines(
        tableOf([{ ...span, name: evil, statusMessage: evil, traceState: evil, resource, attributes }]),
      );
      for (const cell of [row.name, row.service, row.status_message, row.trace_state]) expect(cell).toBe(`'${evil}`);
      expect(JSON.parse(row.attributes)).toEqual({ [evil]: evil });
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
  });

  it('say what OTLP says in words, and how much a span did itself', () => {
    const rows = lines(
      tableOf(
        readDrawing(`
          web  GET / @server   |--------|
          pay    charge ! n=3    |--|
        `),
      ),
    );
    expect(rows.map(row => [row.service, row.name, row.kind, row.status, row.depth])).toEqual([
      ['web', 'GET /', 'server', 'unset', '0'],
      ['pay', 'charge', expect.any(String), 'error', '1'],
    ]);
    expect(rows[1].parent_span_id).toBe(rows[0].span_id);
    expect(rows[1].attributes).toBe('{"n": 3}');
    expect(JSON.parse(rows[1].resource_attributes)).toMatchObject({ 'service.name': 'pay' });
    const [whole, child] = rows.map(row => BigInt(row.duration_nano));
    expect(BigInt(rows[0].self_time_nano)).toBe(whole - child);
  });
});
