import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import type { SpanFields } from '#domain/trace/span-sink.ts';
import { ingest, makeTempDir, openCore, removeDir, select, type TestCore } from './testing/open-core.ts';
import { attribute, manySpans, NOW_NS, request, resource, span, text, traceA, traceB } from './testing/spans.ts';

let dir: string;
let store: TestCore;

beforeEach(async () => {
  dir = makeTempDir();
  store = await openCore(dir);
});

afterEach(async () => {
  await store.core.close();
  removeDir(dir);
});

/** The Span messages of a TracesData, as hex, in order. */
function spanBytes(traces: Uint8Array | undefined): string[] {
  const found: string[] = [];
  const take = ({ bytes, from, to }: SpanFields) => found.push(Buffer.from(bytes.subarray(from, to)).toString('hex'));
  const scanned = scanTraces(traces ?? new Uint8Array(0), {
    resource: () => undefined,
    scope: () => undefined,
    span: take,
  });
  expect(scanned.ok).toBe(true);
  return found;
}

describe('ingest', () => {
  it('gives a trace back byte by byte, whatever its spans hold', async () => {
    const odd = span('2', {
      startUnixNano: 2n ** 64n - 2n,
      endUnixNano: 2n ** 64n - 1n,
      kind: 99,
      statusCode: 7,
      statusMessage: 'gone\u0000 wrong',
      name: '',
      traceState: 'vendor=1',
      flags: 0xffffffff,
      attributes: [
        attribute('n', { type: 'double', value: Number.NaN }),
        text('', ''),
        text('n', 'twice'),
        text('n', 'thrice'),
      ],
      events: [
        { timeUnixNano: NOW_NS, name: 'exception', attributes: [text('exception.stacktrace', 'at x\n'.repeat(500))] },
      ],
      links: [{ traceId: traceB, spanId: 'ff'.repeat(8), attributes: [text('why', 'batch')] }],
    });
    const body = request(span('1'), odd, span('3', { resource: resource('cart') }));
    const sent = spanBytes(body);
    expect((await ingest(store.core, body)).result).toEqual({ kind: 'stored', accepted: 3, rejected: 0, message: '' });
    expect(spanBytes(await store.core.trace(1, traceA))).toEqual(sent);
    expect(await store.core.trace(2, traceB)).toBeUndefined();
  });

  it('stores the same rows for JSON and protobuf', async () => {
    const body = request(
      span('1', {
        attributes: [
          text('http.route', '/cart'),
          attribute('http.response.status_code', { type: 'int', value: 2n ** 60n }),
          attribute('list', {
            type: 'list',
            value: [
              { type: 'string', value: 'a' },
              { type: 'int', value: 2n },
            ],
          }),
          attribute('yes', { type: 'bool', value: true }),
        ],
        events: [{ timeUnixNano: NOW_NS + 5n, name: 'tick', attributes: [text('a', 'b')] }],
        links: [{ traceId: traceB, spanId: '0000000000000007' }],
      }),
    );
    const json = new TextEncoder().encode(protoToOtlpJson(body));
    await ingest(store.core, body);
    await ingest(store.core, json, { encoding: 'json' });
    const spans = await select(store.core, 'select * exclude (row_id) from spans_1 order by row_id');
    expect(spans).toHaveLength(2);
    expect(spans[1]).toEqual(spans[0]);
    expect(spanBytes(await store.core.trace(1, traceA))).toEqual(spanBytes(body));
    const values = await select(
      store.core,
      `select key, type, str, int, num, strs, nums from attr_values_1 where scope = 0 order by id`,
    );
    expect(values).toEqual([
      { key: 'http.route', type: 1, str: '/cart', int: 0n, num: 0, strs: [], nums: [] },
      { key: 'http.response.status_code', type: 3, str: null, int: 2n ** 60n, num: 2 ** 60, strs: [], nums: [] },
      { key: 'list', type: 6, str: '["a",2]', int: 0n, num: 0, strs: ['a'], nums: [2] },
      { key: 'yes', type: 2, str: null, int: 1n, num: 1, strs: [], nums: [] },
    ]);
    expect(await select(store.core, 'select time_ns, name from events_1')).toEqual([
      { time_ns: NOW_NS + 5n, name: 'tick' },
      { time_ns: NOW_NS + 5n, name: 'tick' },
    ]);
    expect(await select(store.core, 'select distinct trace_id, span_id from links_1')).toEqual([
      { trace_id: BigInt(`0x${traceB}`), span_id: 7n },
    ]);
  });

  it('writes what a search needs into the columns of a span', async () => {
    await ingest(
      store.core,
      request(
        span('b', {
          parentSpanId: '00000000000000aa',
          name: 'GET /a long route name',
          kind: 2,
          statusCode: 2,
          statusMessage: 'boom',
          endUnixNano: 2n ** 64n - 1n,
          attributes: [text('http.route', '/cart'), text('colour', 'red')],
        }),
        span('c', { startUnixNano: NOW_NS + 9n, endUnixNano: NOW_NS }),
      ),
    );
    const [first, second] = await select(store.core, 'select * from spans_1 order by row_id');
    const ids = await select(store.core, 'select key, id from attr_values_1 where scope = 0');
    const idOf = (key: string) => ids.find(row => row.key === key)?.id;
    expect(first).toMatchObject({
      trace_id: BigInt(`0x${traceA}`),
      span_id: 0xbn,
      parent_span_id: 0xaan,
      start_ns: NOW_NS,
      duration_ns: 2n ** 63n - 1n - NOW_NS,
      name: 'GET /a long route name',
      service: 'shop',
      kind: 2,
      status: 2,
      status_message: 'boom',
      attrs: [idOf('colour')],
      p_2: idOf('http.route'),
      p_0: null,
    });
    expect(second).toMatchObject({ parent_span_id: 0n, duration_ns: 0n, attrs: [], p_2: null });
    const promoted = await store.core.run(5, async context =>
      context.segments(0n, 2n ** 62n)[0].promoted.get('http.route'),
    );
    expect(promoted).toBe('p_2');
  });

  it('keeps the nine good spans beside one without an id', async () => {
    const good = Array.from({ length: 9 }, (_, i) => span((i + 1).toString()));
    const { result, refusals } = await ingest(store.core, request(...good, span('0')));
    expect(result).toMatchObject({ kind: 'stored', accepted: 9, rejected: 1 });
    expect(result.message).toContain('span id');
    expect(refusals).toEqual({ trace_id: 0, span_id: 1 });
    expect(spanBytes(await store.core.trace(1, traceA))).toEqual(spanBytes(request(...good)));
  });

  it('refuses a request in which no span is valid, and one that is damaged, without a trace of them', async () => {
    const bad = await ingest(store.core, request(span('1', { traceId: '00'.repeat(16) })));
    expect(bad.result).toMatchObject({ kind: 'invalid' });
    const whole = request(span('1', { attributes: [text('never', 'seen')] }), span('2'));
    const cut = await ingest(store.core, whole.slice(0, whole.length - 3));
    expect(cut.result).toMatchObject({ kind: 'invalid' });
    // Everything that was taken back must not show in what comes next.
    await ingest(store.core, request(span('5', { attributes: [text('http.route', '/x'), text('colour', 'red')] })));
    expect(spanBytes(await store.core.trace(1, traceA))).toHaveLength(1);
    expect(await select(store.core, 'select key from attr_values_1 where scope = 0 order by id')).toEqual([
      { key: 'http.route' },
      { key: 'colour' },
    ]);
    expect(await select(store.core, 'select count(*) as n from spans_1')).toEqual([{ n: 1n }]);
  });

  it('takes an empty request for a success', async () => {
    expect((await ingest(store.core, new Uint8Array(0))).result).toMatchObject({ kind: 'stored', accepted: 0 });
  });

  it('keeps a span whose parent id is malformed, without the parent and with a warning', async () => {
    const { result } = await ingest(store.core, request(span('1', { parentSpanId: 'abcd' })));
    expect(result).toMatchObject({ kind: 'stored', accepted: 1, rejected: 0 });
    expect(result.message).toContain('without parent');
    expect(await select(store.core, 'select parent_span_id from spans_1')).toEqual([{ parent_span_id: 0n }]);
  });

  it('shows one span for a request that came twice, and both when their content differs', async () => {
    await ingest(store.core, request(span('1'), span('2')));
    await ingest(store.core, request(span('1'), span('2')));
    await ingest(store.core, request(span('2', { name: 'late update' })));
    expect(spanBytes(await store.core.trace(1, traceA))).toHaveLength(3);
    expect(await select(store.core, 'select count(*) as n from spans_1')).toEqual([{ n: 5n }]);
  });

  it('puts concurrent requests into one commit and gives a bad one among them its own answer', async () => {
    const before = store.commits.length;
    const bodies = Array.from({ length: 40 }, (_, i) => manySpans((i + 1).toString(16).padStart(32, '0'), 5));
    const answers = await Promise.all([...bodies, new Uint8Array([10, 200])].map(body => ingest(store.core, body)));
    expect(answers.slice(0, 40).every(({ result }) => result.kind === 'stored' && result.accepted === 5)).toBe(true);
    expect(answers[40].result.kind).toBe('invalid');
    expect(store.commits.length - before).toBeLessThan(4);
    expect(store.core.status().spans).toBe(200);
  });

  it('handles requests of more rows than a chunk holds, with long names and many traces', async () => {
    const spans = Array.from({ length: 5_000 }, (_, i) =>
      span((i + 1).toString(16), {
        traceId: (1 + (i % 700)).toString(16).padStart(32, '0'),
        name: `an operation with a long name ${i % 90}`,
        attributes: [text('unique', `value number ${i}`), text('http.route', `/r/${i % 10}`)],
        events: i % 3 === 0 ? [{ timeUnixNano: NOW_NS, name: 'e' }] : [],
      }),
    );
    await ingest(store.core, request(...spans));
    const wrong = await select(
      store.core,
      `select s.row_id from spans_1 s, attr_values_1 a where a.id = s.attrs[1]
       and (a.str <> 'value number ' || (s.span_id - 1) or s.name <> 'an operation with a long name ' || (s.span_id - 1) % 90)`,
    );
    expect(wrong).toEqual([]);
    expect(await select(store.core, 'select count(*) as n, count(p_2) as routes from spans_1')).toEqual([
      { n: 5_000n, routes: 5_000n },
    ]);
    expect(await select(store.core, 'select count(*) as n from events_1')).toEqual([{ n: 1_667n }]);
    const trace = await store.core.trace(1, '000000000000000000000000000002bc' as typeof traceA);
    expect(spanBytes(trace)).toEqual(spanBytes(request(...spans.filter((_, i) => i % 700 === 699))));
  });
});
