import { gzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { rowsAsText } from '#domain/testing/draw-trace.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { CONFORMANCE_SPANS, runSourceConformance } from '#sources/testing/conformance.ts';
import type { TraceSource } from '#sources/trace-source.ts';
import { FileClient, type StartFilePort } from './file-client.ts';
import { FileSession } from './file-session.ts';
import { createFileSource } from './file-source.ts';

/** The worker's side in this thread: messages are cloned and replies come later, as between threads. */
const startInThread: StartFilePort = (onReply, onFault) => {
  const session = new FileSession((reply, transfer) => {
    const message = structuredClone(reply, { transfer });
    queueMicrotask(() => onReply(message));
  });
  return {
    send: request => {
      queueMicrotask(() => session.handle(request).catch((fault: unknown) => onFault(String(fault))));
    },
    terminate: () => undefined,
  };
};

interface Opened {
  readonly client: FileClient;
  readonly source: TraceSource;
}

/** A source over files with these contents, when all of them have been read. */
async function open(...contents: readonly (string | Uint8Array<ArrayBuffer>)[]): Promise<Opened> {
  const client = new FileClient(startInThread, ['tenant.id']);
  const source = createFileSource({ client, onWork: () => () => undefined });
  await openMore(client, ...contents);
  return { client, source };
}

async function openMore(client: FileClient, ...contents: readonly (string | Uint8Array<ArrayBuffer>)[]) {
  await client.whenRead(
    client.open(contents.map((content, i) => ({ name: `file-${i + 1}`, blob: new Blob([content]) }))),
  );
}

const jsonOf = (spans: readonly PlainSpan[]) => protoToOtlpJson(encodeTraces(spans));
const [shop, damaged] = [CONFORMANCE_SPANS.slice(0, 3), CONFORMANCE_SPANS.slice(3)];
const { signal } = new AbortController();
const window = { startUnixNano: 1_760_000_000_000_000_000n, endUnixNano: 1_760_000_120_500_000_000n };
const named = async (source: TraceSource, query: string) =>
  (await source.search({ ...window, query, limit: 20 }, { signal })).traces.map(({ rootName }) => rootName);

runSourceConformance('files', () => open(jsonOf(shop), jsonOf(damaged)));

it('searches the traces of all files with TraceQL', async () => {
  const { source } = await open(jsonOf(shop), jsonOf(damaged));
  expect(await named(source, '{ name = "POST /charge" && status = error }')).toEqual(['GET /checkout']);
  expect(await named(source, '{ span.n > 4 }')).toEqual(['GET /checkout']);
  expect(await named(source, '{ resource.service.name = "gateway" } > { resource.service.name = "cart" }')).toEqual([
    'GET /checkout',
  ]);
  expect(await named(source, '{ baggage.tenant.id = "acme" }')).toEqual(['GET /checkout']);
  expect(await named(source, '{ name =~ "(?i)get .*" }')).toEqual(['GET /checkout']);
  expect(await named(source, '{ span.http.route =~ "/check" }')).toEqual([]);
  expect(await named(source, '{ event:name != nil } | count() > 0')).toEqual(['GET /checkout']);
  expect(await named(source, '{ resource.service.name = "worker" }')).toEqual(['']);
  expect(
    (await source.search({ ...window, endUnixNano: window.startUnixNano - 1n, query: '{}', limit: 5 }, { signal }))
      .traces,
  ).toEqual([]);
});

it('refuses what it cannot run, and says why', async () => {
  const { source } = await open(jsonOf(shop));
  const refused = (query: string) => named(source, query).catch((error: unknown) => error);
  expect(await refused('{ name = }')).toMatchObject({ kind: 'bad-query' });
  expect(await refused('{} | rate()')).toMatchObject({ kind: 'bad-query', message: 'unsupported: metrics over files' });
});

it('counts facets, values, latencies and calls', async () => {
  const { source } = await open(jsonOf(shop), jsonOf(damaged));
  const request = { ...window, query: '{ status = error }', limit: 10, find: '' };
  const facets = await source.facets?.({ ...request, fields: ['status', 'resource.service.name'] }, { signal });
  // Its own condition does not count for the facet of the status.
  expect(facets?.fields.map(({ values }) => values.map(({ value, traces }) => [value, traces]))).toEqual([
    [
      ['unset', 2],
      ['error', 1],
    ],
    [['pay', 1]],
  ]);
  const latency = { ...window, query: '{}', of: 'traces', columns: 12 } as const;
  expect((await source.latencyHeatmap?.(latency, { signal }))?.observed).toBe(2);
  expect((await source.redSeries?.(latency, { signal }))?.counts.reduce((a, b) => a + b, 0)).toBe(2);
  const reading = await source.graph?.graph({ ...window, query: '{}', compare: undefined, groupBy: '' }, { signal });
  expect(reading?.graph.nodes.name).toEqual(expect.arrayContaining(['gateway', 'cart', 'pay']));
});

it('opens a trace before it answers questions that came with it', async () => {
  const { source } = await open(jsonOf(shop));
  const { traces } = await source.search({ ...window, query: '{}', limit: 5 }, { signal });
  const order: string[] = [];
  await Promise.all([
    named(source, '{ span.n > 4 }').then(() => order.push('search')),
    source.trace(traces[0].traceId, { signal }).then(() => order.push('trace')),
  ]);
  expect(order).toEqual(['trace', 'search']);
});

it('joins the spans of one trace from several files, and takes them apart again', async () => {
  const { client, source } = await open(jsonOf(shop.slice(0, 2)), jsonOf(shop.slice(1)));
  const { traces } = await source.search({ ...window, query: '{}', limit: 5 }, { signal });
  expect(traces).toMatchObject([{ spanCount: 3 }]);
  const table = await source.trace(traces[0].traceId, { signal });
  expect(rowsAsText(table)).toEqual(['GET /checkout', '  SELECT items', '  POST /charge']);
  client.close(client.files[1].id);
  expect((await source.trace(traces[0].traceId, { signal })).length).toBe(2);
  client.close(client.files[0].id);
  await expect(source.trace(traces[0].traceId, { signal })).rejects.toMatchObject({ kind: 'not-found' });
});

it('unpacks gzip, keeps what a torn archive holds, and names what is wrong in which file', async () => {
  const lines = Array.from({ length: 200 }, (_, i) => jsonOf(withTraceId(shop, i))).join('\n');
  const packed = Uint8Array.from(gzipSync(lines));
  const { client } = await open(packed, packed.slice(0, packed.length / 2), 'hello', '');
  const [whole, torn, text, empty] = client.files.map(({ findings }) => findings);
  expect(whole).toMatchObject({
    format: 'OTLP JSONL',
    isPacked: true,
    traceCount: 200,
    spanCount: 600,
    problemCount: 0,
  });
  expect(torn?.traceCount).toBeGreaterThan(20);
  expect(torn?.problems[0].message).toMatch(/^The gzip data is damaged or cut off/);
  expect(text?.problems).toMatchObject([{ message: 'This is text, but not JSON' }]);
  expect(empty).toMatchObject({ format: undefined, traceCount: 0, problems: [{ message: 'The file is empty' }] });
});

it('tells how far it has come, and gives a file up that is closed', async () => {
  const stages = new Set<string>();
  const { client } = await open(jsonOf(damaged));
  const stop = client.watch(() => {
    for (const { progress } of client.files) if (progress !== undefined) stages.add(progress.stage);
  });
  const [id] = client.open([{ name: 'given up', blob: new Blob([jsonOf(shop)]) }]);
  client.close(id);
  await openMore(client, jsonOf(shop));
  stop();
  expect(stages).toContain('reading');
  expect(client.files.map(({ name }) => name)).toEqual(['file-1', 'file-1']);
});

it('gives the traces of a file as OTLP', async () => {
  const { client } = await open(jsonOf([...shop, ...damaged]));
  const { bytes, next } = await client.ask('otlp', { file: client.files[0].id, from: 0 }, signal);
  expect(next).toBeUndefined();
  const { client: second } = await open(bytes);
  expect(second.files[0].findings).toMatchObject({ format: 'OTLP protobuf', traceCount: 2, spanCount: 5 });
});

it('says that files are lost when their reader dies, and reads others after that', async () => {
  const { client, source } = await open(jsonOf(shop));
  const dying = client.ask('tags', undefined as never, signal);
  await expect(dying).rejects.toMatchObject({ name: 'SourceError' });
  expect(client.files[0].failure).toMatch(/^The reader of files stopped/);
  await openMore(client, jsonOf(shop));
  expect(await named(source, '{}')).toEqual(['GET /checkout']);
});

function withTraceId(spans: readonly PlainSpan[], i: number): PlainSpan[] {
  const traceId = (i + 1).toString(16).padStart(32, '0');
  return spans.map(span => ({ ...span, traceId }));
}

it('a question that does not end is refused after a while, and the files are read again for the next', async () => {
  let started = 0;
  /** The first worker is caught by the first question. */
  const startCaught: StartFilePort = (onReply, onFault) => {
    const isFirst = ++started === 1;
    let isCaught = false;
    const port = startInThread(reply => !isCaught && onReply(reply), onFault);
    const send: typeof port.send = request => {
      isCaught ||= isFirst && request.type === 'question';
      if (!isCaught) port.send(request);
    };
    return { ...port, send };
  };
  const client = new FileClient(startCaught, ['tenant.id']);
  const source = createFileSource({ client, onWork: () => () => undefined });
  await openMore(client, jsonOf(shop));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const refused = named(source, '{ name =~ "(a+)+b" }').catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await refused).toMatchObject({ kind: 'bad-query', message: expect.stringContaining('regular expression') });
  } finally {
    vi.useRealTimers();
  }
  expect(await named(source, '{ status = error }')).toEqual(['GET /checkout']);
  expect(started).toBe(2);
});
