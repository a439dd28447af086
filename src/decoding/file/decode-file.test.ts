import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { openFile, servicesAndNames } from '#decoding/testing/open-file.ts';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

const utf8 = new TextEncoder();
const drawn = readDrawing(`
  gateway  GET /checkout @server   |----------------|
  cart       SELECT items @client     |---|
  pay        POST /charge !                |--*----|
`);
const ROWS = ['gateway: GET /checkout', '  cart: SELECT items', '  pay: POST /charge'];
const otherSpans = readDrawing('worker   job  |---|', { traceId: '00c0ffee00c0ffee00c0ffee00c0ffee' });
const protobuf = encodeTraces(drawn);
const json = protoToOtlpJson(protobuf);
const otherJson = protoToOtlpJson(encodeTraces(otherSpans));

/** Messages behind their lengths, as the Collector's file exporter writes protobuf. */
function framed(...messages: readonly Uint8Array[]): Uint8Array {
  return concatenated(
    ...messages.map(message => {
      const frame = new Uint8Array(4 + message.length);
      new DataView(frame.buffer).setUint32(0, message.length);
      frame.set(message, 4);
      return frame;
    }),
  );
}

function concatenated(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

/** Ids of OTLP JSON in base64, as Tempo writes them. */
function withBase64Ids(text: string): string {
  return text.replace(/"(traceId|spanId|parentSpanId)":"([0-9a-f]*)"/g, (_, name, hex) => {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair: string) => Number.parseInt(pair, 16));
    return `"${name}":"${btoa(String.fromCharCode(...bytes))}"`;
  });
}

describe('is recognised by its content', () => {
  const batches = json.replace('"resourceSpans"', '"batches"');
  it.each([
    ['OTLP JSON', json],
    ['OTLP JSON', `\ufeff\n ${json}`],
    ['OTLP JSON', `[${json}]`],
    ['OTLP JSON', `{"result":${json}}`],
    ['OTLP JSON', snakeCase(json)],
    ['OTLP JSON', json.replace('"scopeSpans"', '"instrumentationLibrarySpans"')],
    ['OTLP JSONL', `${json}\n${otherJson}\n`],
    ['OTLP JSONL', `${json}\r\n\r\n${otherJson}`],
    ['Tempo JSON', batches],
    ['Tempo JSON', withBase64Ids(batches)],
    ['Tempo JSON', `{"trace":${withBase64Ids(json)},"metrics":{"inspectedBytes":"9"}}`],
    ['OTLP protobuf', protobuf],
    ['OTLP protobuf', framed(protobuf, encodeTraces(otherSpans))],
    ['OTLP protobuf', framed(protobuf)],
  ])('%s', (format, content) => {
    const opened = openFile(content);
    expect(opened).toMatchObject({ format, problems: [], problemCount: 0, withoutTraceId: 0 });
    const [first] = opened.tables;
    expect(first.traceId).toBe(DRAWN_TRACE_ID);
    expect(servicesAndNames(first)).toEqual(ROWS);
  });

  it('keeps ids apart from base64 and 64-bit integers exact', async () => {
    const attributes = [{ key: 'n', value: { type: 'int', value: 9_007_199_254_740_993n } } as const];
    const [table] = openFile(protoToOtlpJson(encodeTraces([{ ...drawn[0], attributes }]))).tables;
    expect(table.spanId[0]).toBe(BigInt(`0x${drawn[0].spanId}`));
    expect((await table.details.span(0)).attributes).toEqual(attributes);
  });

  it('takes no length of a protobuf message for a bracket of JSON', () => {
    const [span] = readDrawing('a  b  |--|');
    const files = Array.from({ length: 64 }, (_, i) => encodeTraces([{ ...span, name: 'x'.repeat(i) }]));
    const brackets = files.filter(bytes => bytes[1] === 0x5b || bytes[1] === 0x7b);
    expect(brackets).toHaveLength(2);
    for (const bytes of brackets) expect(openFile(bytes)).toMatchObject({ format: 'OTLP protobuf', problems: [] });
  });

  it('says what a file is that holds no traces', () => {
    const told = (content: string | Uint8Array | object) => openFile(content).problems.map(({ message }) => message);
    expect(told('')).toEqual(['The file is empty']);
    expect(told('hello')).toEqual(['This is text, but not JSON']);
    expect(told('<!doctype html>')[0]).toMatch(/^This is HTML/);
    expect(told(Uint8Array.of(0x50, 0x4b, 3, 4, 0))[0]).toMatch(/zip archive/);
    expect(told(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2))[0]).toMatch(/neither JSON nor OTLP protobuf/);
    expect(told({ resourceLogs: [] })).toEqual(['these are logs, not traces']);
    expect(told({ traces: [{ traceID: '1' }] })[0]).toMatch(/search results/);
    expect(told({ hello: 1 })).toEqual(['this JSON is no trace of a known format']);
    expect(openFile({ data: [] })).toMatchObject({ problems: [], tables: [] });
  });
});

describe('damage', () => {
  const spanJson = (members: object) => ({
    ...{ traceId: DRAWN_TRACE_ID, spanId: 'b7ad6b7169203331', name: 'a' },
    ...{ startTimeUnixNano: '1760000000000000000', endTimeUnixNano: '1760000000000001000' },
    ...members,
  });
  const otlp = (...spans: object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }, undefined, 1);

  it('of one span costs that span, and is named with its path, line and column', () => {
    const text = otlp(spanJson({}), spanJson({ startTimeUnixNano: 'soon' }), spanJson({ spanId: 'b7ad6b7169203332' }));
    const { tables, problems } = openFile(text);
    expect(tables[0].length).toBe(2);
    const line = text.slice(0, text.indexOf('soon')).split('\n').length;
    expect(problems).toMatchObject([
      { message: expect.stringMatching(/^resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[1\]\.startTimeUnixNano: /), line },
    ]);
  });

  it('of the end leaves every span before it', () => {
    const text = otlp(spanJson({}), spanJson({ spanId: 'b7ad6b7169203332', name: 'torn' }));
    const { tables, problems } = openFile(text.slice(0, text.indexOf('torn') + 2));
    expect(tables[0].length).toBe(1);
    expect(problems).toMatchObject([{ message: expect.stringContaining('a string does not end') }]);
  });

  it('of a line costs that line', () => {
    const lines = [json, '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":', 'not json', otherJson];
    const { tables, problems, format } = openFile(lines.join('\n'));
    expect(format).toBe('OTLP JSONL');
    expect(tables.map(({ length }) => length)).toEqual([3, 1]);
    expect(problems.map(({ line }) => line)).toEqual([3]);
    const torn = openFile(`${json}\n${otherJson.slice(0, -9)}`);
    expect(torn.tables[0].length).toBe(3);
    expect(torn.problems.map(({ line }) => line)).toEqual([2]);
  });

  it('counts spans without a trace id', () => {
    const { tables, withoutTraceId } = openFile(otlp(spanJson({}), spanJson({ traceId: 'what' })));
    expect(tables[0].length).toBe(1);
    expect(withoutTraceId).toBe(1);
  });

  it('of Jaeger and Zipkin files leaves the spans before it', () => {
    const jaeger = (spanID: string) => ({ traceID: '7b', spanID, operationName: spanID, startTime: 9, duration: 1 });
    const processes = { p1: { serviceName: 'web' } };
    const data = [
      { traceID: '7b', spans: [jaeger('a')], processes },
      { traceID: '7b', processes, spans: [jaeger('b'), { ...jaeger('c'), tags: [{ key: 'k', value: '@' }] }] },
    ];
    const text = JSON.stringify({ data });
    const opened = openFile(text.slice(0, text.indexOf('@')));
    expect(opened.tables[0].length).toBe(2);
    expect(opened.problems).toMatchObject([{ line: 1, column: text.indexOf('@') + 1 }]);
    const zipkin = (id: string) => ({ traceId: '7b', id, name: id, timestamp: 9, tags: { list: '[{' } });
    const spans = JSON.stringify([zipkin('a'), zipkin('b'), zipkin('c')], undefined, 2);
    expect(openFile(spans.slice(0, spans.lastIndexOf('timestamp'))).tables[0].length).toBe(2);
    const lists = JSON.stringify([[zipkin('a')], [zipkin('b'), zipkin('c')]]);
    expect(openFile(lists.slice(0, lists.lastIndexOf('timestamp'))).tables[0].length).toBe(2);
  });

  it('of protobuf leaves the whole messages before it, with the byte where it is', () => {
    const both = concatenated(protobuf, encodeTraces(otherSpans));
    const cut = openFile(both.subarray(0, both.length - 3));
    expect(cut.tables.map(({ length }) => length)).toEqual([3]);
    expect(cut.problems).toMatchObject([{ line: undefined }]);
    expect(cut.problems[0].offset).toBeGreaterThanOrEqual(protobuf.length);
    const frames = framed(protobuf, Uint8Array.of(0x0a, 9, 1), encodeTraces(otherSpans));
    const opened = openFile(frames);
    expect(opened.tables.map(({ length }) => length)).toEqual([3, 1]);
    expect(opened.problemCount).toBe(1);
    const torn = openFile(frames.subarray(0, frames.length - 2));
    expect(torn.tables.map(({ length }) => length)).toEqual([3]);
    expect(torn.problems.at(-1)?.message).toBe('message 3 is cut off: the file ends within it');
  });

  it('never throws and never loses what is whole, wherever a file is cut', () => {
    const jaeger = { data: [{ traceID: '7b', spans: drawn.map(jaegerSpan), processes: {} }] };
    const zipkin = drawn.map(({ traceId, spanId, name }) => ({ traceId, id: spanId, name }));
    const files = [json, `${json}\n${otherJson}`, JSON.stringify(jaeger), JSON.stringify(zipkin)].map(text =>
      utf8.encode(text),
    );
    const anyFile = fc.constantFrom(...files, protobuf, framed(protobuf, protobuf));
    fc.assert(
      fc.property(anyFile, fc.double({ min: 0, max: 1, noNaN: true }), (file, share) => {
        const cut = Math.floor(share * file.length);
        const { tables, problemCount } = openFile(file.subarray(0, cut));
        const spans = tables.reduce((sum, { length }) => sum + length, 0);
        expect(spans > 0 || problemCount > 0 || cut < 4).toBe(true);
      }),
    );
  });

  it('never throws, whatever bytes are changed', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    const anyFile = fc.constantFrom(utf8.encode(json), protobuf, framed(protobuf));
    fc.assert(
      fc.property(anyFile, fc.array(change, { minLength: 1, maxLength: 5 }), (file, changes) => {
        const bytes = file.slice();
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        openFile(bytes);
      }),
    );
  });
});

describe('what is written as OTLP', () => {
  const text = fc.string({ maxLength: 12 });
  const id = fc.bigInt(1n, 2n ** 64n - 1n).map(bits => bits.toString(16).padStart(16, '0'));
  const value = fc.oneof(
    text.map(value => ({ type: 'string' as const, value })),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(value => ({ type: 'int' as const, value })),
    fc.double({ noNaN: true }).map(value => ({ type: 'double' as const, value })),
    fc.boolean().map(value => ({ type: 'bool' as const, value })),
  );
  const attributes = fc.array(fc.record({ key: text, value }), { maxLength: 3 });
  const time = fc.bigInt(1n, 2n ** 63n);
  const span: fc.Arbitrary<PlainSpan> = fc.record({
    ...{ traceId: fc.constant(DRAWN_TRACE_ID), spanId: id, parentSpanId: fc.oneof(id, fc.constant('')) },
    ...{ name: text, kind: fc.nat(5), startUnixNano: time, endUnixNano: time, attributes },
    resource: fc.record({ attributes }),
    events: fc.array(fc.record({ timeUnixNano: time, name: text, attributes }), { maxLength: 2 }),
    statusCode: fc.nat(2),
    statusMessage: text,
  });

  it('is the same table again as JSON, JSON lines, protobuf and framed protobuf', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 6 }), async spans => {
        const bytes = encodeTraces(spans);
        const direct = decodeTrace(DRAWN_TRACE_ID as TraceId, bytes);
        if (!direct.ok) throw new Error(direct.error.message);
        const wanted = await spelledOut(direct.value);
        const asJson = protoToOtlpJson(bytes);
        const lines = spans.map(one => protoToOtlpJson(encodeTraces([one]))).join('\n');
        for (const content of [asJson, lines, bytes, framed(bytes)]) {
          const { tables, problems } = openFile(content);
          expect(problems).toEqual([]);
          expect(await spelledOut(tables[0])).toEqual(wanted);
        }
      }),
      { numRuns: 50 },
    );
  });
});

const shared = join(import.meta.dirname, '../../../../shared/conformance');
const folders = ['zipkin', 'jaeger', 'critical-path'];
const present = folders.every(folder => existsSync(join(shared, folder)));

describe.skipIf(!present)(
  `real files${present ? '' : ': the folder shared/conformance is not beside the repository'}`,
  () => {
    const files = present
      ? folders.flatMap(folder => readdirSync(join(shared, folder)).map(name => `${folder}/${name}`))
      : [];
    it.each(files.filter(name => name.endsWith('.json') && !name.endsWith('expected.json')))('%s opens whole', name => {
      const opened = openFile(new Uint8Array(readFileSync(join(shared, name))));
      expect(opened.problems).toEqual([]);
      expect(opened.tables).toHaveLength(1);
      const [table] = opened.tables;
      const spans = JSON.stringify(JSON.parse(readFileSync(join(shared, name), 'utf8'))).match(SPAN_IDS)?.length;
      expect(table.length + table.damage.identicalDuplicates).toBe(spans);
      expect(table.damage.cycles).toBe(0);
      expect(table.damage.roots).toBe(1);
    });
  },
);

/** One for each span: only spans have these members, or members before these. */
const SPAN_IDS = /"duration":|"endTimeUnixNano":/g;

function jaegerSpan({ spanId, name }: PlainSpan) {
  return { traceID: '7b', spanID: spanId, operationName: name, startTime: 9, duration: 1 };
}

function snakeCase(text: string): string {
  return text.replace(
    /"([a-z]+(?:[A-Z][a-z]+)+)":/g,
    (_, name: string) => `"${name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)}":`,
  );
}

/** A table without how its strings and resources happen to be numbered, with its attributes. */
async function spelledOut({ strings, details, resources, scopes: _, events, ...table }: TraceTable) {
  const spans = await Promise.all(Array.from({ length: table.length }, (_, row) => details.span(row)));
  return {
    ...table,
    spans,
    name: Array.from(table.name, i => strings.at(i)),
    statusMessage: Array.from(table.statusMessage, i => strings.at(i)),
    traceState: Array.from(table.traceState, i => strings.at(i)),
    resource: Array.from(table.resource, i => resources[i]),
    scope: [],
    eventNames: Array.from(events.name, i => strings.at(i)),
    eventTimes: events.timeNs,
  };
}
