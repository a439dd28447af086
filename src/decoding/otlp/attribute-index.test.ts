import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { type SpanDetail, type SpanTerm, scalarText } from '#domain/trace/span-details.ts';
import type { Attribute, AttributeValue, TraceTable } from '#domain/trace/trace-table.ts';
import { decodeTrace } from './decode-trace.ts';
import { encodeTraces } from './otlp-encode.ts';

const TRACE = '0123456789abcdef0123456789abcdef';
const START = 1_760_000_000_000_000_000n;

const word = fc.stringMatching(/^[a-cA-Cé]{0,3}$/);
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  word.map((text): AttributeValue => ({ type: 'string', value: text })),
  fc.integer({ min: 0, max: 99 }).map((number): AttributeValue => ({ type: 'int', value: BigInt(number) })),
  fc.boolean().map((truth): AttributeValue => ({ type: 'bool', value: truth })),
  fc.array(word, { maxLength: 2 }).map(
    (list): AttributeValue => ({
      type: 'list',
      value: list.map(text => ({ type: 'string', value: text })),
    }),
  ),
);
const attributes = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'key'), value }), { maxLength: 4 });

const traces: fc.Arbitrary<TraceTable> = fc
  .array(fc.record({ own: attributes, event: attributes, link: attributes }), { minLength: 1, maxLength: 12 })
  .map(spans => tableOf(spans.map(({ own, event, link }, i) => spanWith(i, own, event, link))));

function spanWith(
  i: number,
  own: readonly Attribute[],
  event: readonly Attribute[],
  link: readonly Attribute[],
): PlainSpan {
  return {
    traceId: TRACE,
    spanId: (i + 1).toString(16).padStart(16, '0'),
    parentSpanId: '',
    name: `span ${i}`,
    kind: 1,
    startUnixNano: START + BigInt(i),
    endUnixNano: START + 1_000n,
    resource: { attributes: [] },
    attributes: own,
    events: [{ timeUnixNano: START, name: 'event', attributes: event }],
    links: [{ traceId: TRACE, spanId: '00000000000000ff', attributes: link }],
  };
}

function tableOf(spans: readonly PlainSpan[]): TraceTable {
  const decoded = decodeTrace(TRACE as TraceId, encodeTraces(spans));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

async function matching(table: TraceTable, term: SpanTerm): Promise<Uint8Array> {
  const [mask] = (await table.details.match?.([term])) ?? [];
  return mask;
}

function allOf({ attributes: own, events, links }: SpanDetail): Attribute[] {
  return [own, ...events.map(each => each.attributes), ...links.map(each => each.attributes)].flat();
}

function textsOf(held: AttributeValue): string[] {
  if (held.type === 'list') return held.value.flatMap(textsOf);
  return held.type === 'string' || held.type === 'bool' || held.type === 'int' ? [String(held.value)] : [];
}

describe('what spans hold, by distinct attribute', () => {
  it('finds text where reading every span finds it, also as it is typed letter by letter', async () => {
    await fc.assert(
      fc.asyncProperty(traces, fc.stringMatching(/^[a-cek1-9é]{1,3}$/), async (table, text) => {
        for (let letters = 1; letters <= text.length; letters++) {
          const typed = text.slice(0, letters);
          const expected: number[] = [];
          for (let row = 0; row < table.length; row++) {
            const texts = allOf(await table.details.span(row)).flatMap(({ key, value }) => [key, ...textsOf(value)]);
            expected.push(texts.some(each => each.toLowerCase().includes(typed)) ? 1 : 0);
          }
          expect(Array.from(await matching(table, { type: 'text', text: typed }))).toEqual(expected);
        }
      }),
    );
  });

  it('finds an attribute of the span itself by key and whole value', async () => {
    await fc.assert(
      fc.asyncProperty(traces, value, async (table, wanted) => {
        const text = scalarText(wanted) ?? '';
        const expected: number[] = [];
        for (let row = 0; row < table.length; row++) {
          const { attributes: own } = await table.details.span(row);
          expected.push(own.some(({ key, value: held }) => key === 'a' && scalarText(held) === text) ? 1 : 0);
        }
        expect(Array.from(await matching(table, { type: 'attribute', key: 'a', value: text }))).toEqual(expected);
      }),
    );
  });

  it('gives the column of a key: the last value of each span, none of its events or links', async () => {
    await fc.assert(
      fc.asyncProperty(traces, async table => {
        const { index, values } = await table.details.column('a');
        for (let row = 0; row < table.length; row++) {
          const last = (await table.details.span(row)).attributes.findLast(({ key }) => key === 'a');
          expect(index[row] < 0 ? undefined : values[index[row]]).toEqual(last?.value);
        }
      }),
    );
  });

  it('tells many alike apart, past every growth of its tables', async () => {
    const count = 5_000;
    const spans = Array.from({ length: count }, (_, i) =>
      spanWith(i, [{ key: 'item', value: { type: 'string', value: `item-${i % 3_000}-` } }], [], []),
    );
    const table = tableOf(spans);
    const { index, values } = await table.details.column('item');
    expect(values.length).toBe(3_000);
    for (let row = 0; row < count; row++)
      expect(values[index[row]]).toEqual({ type: 'string', value: `item-${row % 3_000}-` });
    const rows = await matching(table, { type: 'text', text: 'item-2999-' });
    expect(Array.from(rows).flatMap((hit, row) => (hit === 1 ? [row] : []))).toEqual([2_999]);
  });
});

it('counts on where one span has more attributes than 16 bits can say', async () => {
  const plain = (key: string): Attribute => ({ key, value: { type: 'string', value: 'here' } });
  const many = Array.from({ length: 70_000 }, (_, i) => plain(`key.${i}`));
  const table = tableOf([[plain('first')], many, [plain('last')]].map((own, i) => spanWith(i, own, [], [])));
  expect([...(await matching(table, { type: 'text', text: 'last' }))]).toEqual([0, 0, 1]);
  expect([...(await matching(table, { type: 'text', text: 'key.69999' }))]).toEqual([0, 1, 0]);
  expect([...(await table.details.column('last')).index]).toEqual([-1, -1, 0]);
});
