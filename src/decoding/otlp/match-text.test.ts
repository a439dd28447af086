import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { decodeTrace } from './decode-trace.ts';
import { encodeTraces } from './otlp-encode.ts';

function tableOf(spans: readonly PlainSpan[]): TraceTable {
  const decoded = decodeTrace(DRAWN_TRACE_ID as TraceId, encodeTraces(spans));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

async function found(table: TraceTable, text: string): Promise<string[]> {
  const [rows] = (await table.details.match?.([{ type: 'text', text }])) ?? [];
  return Array.from(rows ?? []).flatMap((hit, row) => (hit === 1 ? [table.strings.at(table.name[row])] : []));
}

const SPANS = readDrawing(`
  shop  GET /cart http.route='/Cart/{id}'    |-------|
  shop    SELECT db.rows=4711 db.ok=true       |--|
  shop    greet city='München'                    |--|
`).map(
  (span, i): PlainSpan =>
    i === 0
      ? {
          ...span,
          events: [
            {
              timeUnixNano: span.startUnixNano,
              name: 'e',
              attributes: [{ key: 'why', value: { type: 'string', value: 'Timeout' } }],
            },
          ],
          links: [
            {
              traceId: span.traceId,
              spanId: span.spanId,
              attributes: [{ key: 'parts', value: { type: 'list', value: [{ type: 'string', value: 'Left wing' }] } }],
            },
          ],
        }
      : span,
);

it.each([
  ['/cart/', ['GET /cart']],
  ['HTTP.ROUTE', ['GET /cart']],
  ['4711', ['SELECT']],
  ['true', ['SELECT']],
  ['münchen', ['greet']],
  ['timeout', ['GET /cart']],
  ['left wing', ['GET /cart']],
  ['select', []],
  ['', []],
])('finds %j', async (text, names) => {
  expect(await found(tableOf(SPANS), text)).toEqual(names);
});

it('agrees with reading every attribute', async () => {
  const word = fc.stringMatching(/^[a-cA-C ]{0,6}$/);
  const attribute = fc.record({ key: word, value: fc.oneof(word, fc.integer({ min: 0, max: 999 })) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(attribute, { maxLength: 4 }),
      fc.stringMatching(/^[a-c1-9]{1,3}$/),
      async (list, text) => {
        const span: PlainSpan = {
          ...SPANS[1],
          parentSpanId: '',
          attributes: list.map(({ key, value }) => ({
            key,
            value: typeof value === 'number' ? { type: 'int', value: BigInt(value) } : { type: 'string', value },
          })),
        };
        const expected = list.some(({ key, value }) =>
          [key, String(value)].some(each => each.toLowerCase().includes(text.toLowerCase())),
        );
        expect((await found(tableOf([span]), text)).length).toBe(expected ? 1 : 0);
      },
    ),
  );
});
