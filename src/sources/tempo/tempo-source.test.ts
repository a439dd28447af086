import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID, readDrawing } from '#domain/testing/drawing.ts';
import { CONFORMANCE_SPANS, runSourceConformance } from '#sources/testing/conformance.ts';
import { envelope, type FakeTempo, fakeTempo, protobuf } from '#sources/testing/fake-tempo.ts';
import { startInThread } from '#sources/testing/in-thread-port.ts';
import type { StartPort } from '#sources/trace-client.ts';
import { createTraceClients } from '#sources/trace-clients.ts';
import { createTempoSource } from './tempo-source.ts';

const SPANS = readDrawing(`
  gateway  GET /     |--------|
  cart       items     |---|
`);
const id = DRAWN_TRACE_ID as TraceId;
const signal = new AbortController().signal;
const window = { startUnixNano: 1_760_000_000_900_000_000n, endUnixNano: 1_760_000_060_000_000_001n };

function subject(tempo: FakeTempo, { embedded = false, start = startInThread(tempo.fetch) } = {}) {
  const work: number[] = [];
  let open = 0;
  const source = createTempoSource({
    config: { id: 'prod', name: 'Production', kind: 'tempo', tempoPath: 'api/sources/prod/tempo', embedded },
    base: '/base/',
    baggageKeys: ['tenant.id'],
    onWork: () => {
      work.push(++open);
      return () => work.push(--open);
    },
    clients: createTraceClients(start),
    fetch: tempo.fetch,
    silenceMs: 5_000,
  });
  return { source, work };
}

runSourceConformance('plain Tempo', () => subject(fakeTempo(CONFORMANCE_SPANS)));
// The fake knows no baggage scope, which the embedded server answers itself.
runSourceConformance('the embedded server', () => subject(fakeTempo(CONFORMANCE_SPANS), { embedded: true }), {
  skip: [
    {
      reason: 'the fake back end has no baggage scope',
      tests: ['lists attribute names by scope', 'lists values of an attribute'],
    },
  ],
});

describe('requests', () => {
  it('of a trace ask version 2 within whole seconds around the window', async () => {
    const tempo = fakeTempo(SPANS);
    await subject(tempo).source.trace(id, { signal, window });
    expect(tempo.requests).toEqual([
      `/base/api/sources/prod/tempo/api/v2/traces/${id}?start=1760000000&end=1760000061`,
    ]);
  });

  it('fall back to version 1 where there is no version 2', async () => {
    const tempo = fakeTempo(SPANS);
    tempo.next(() => new Response('404 page not found', { status: 404 }));
    const { encodeTraces } = await import('#decoding/otlp/otlp-encode.ts');
    tempo.next(() => protobuf(encodeTraces(SPANS).slice()));
    const table = await subject(tempo).source.trace(id, { signal });
    expect(table.length).toBe(2);
    expect(tempo.requests[1]).toBe(`/base/api/sources/prod/tempo/api/traces/${id}`);
  });

  it('of a search look for the newest and for baggage in span attributes', async () => {
    const tempo = fakeTempo(SPANS);
    await subject(tempo).source.search(
      { ...window, query: '{ status = error && baggage.tenant.id = "a" }', limit: 20 },
      { signal },
    );
    const params = new URL(tempo.requests[0], 'http://x').searchParams;
    expect(params.get('q')).toBe('{ status = error } && { span.tenant.id = "a" } with (most_recent=true)');
    expect([params.get('limit'), params.get('spss'), params.get('start'), params.get('end')]).toEqual([
      '20',
      '1',
      '1760000000',
      '1760000061',
    ]);
  });

  it('go to the embedded server as they are', async () => {
    const tempo = fakeTempo(SPANS);
    const { source } = subject(tempo, { embedded: true });
    const query = '{ baggage.tenant.id = "a" }';
    await source.search({ ...window, query, limit: 20 }, { signal });
    await source.count?.({ ...window, query, limit: 20 }, { signal });
    expect(tempo.requests.map(path => new URL(path, 'http://x').searchParams.get('q'))).toEqual([query, query]);
    expect(tempo.requests[1]).toMatch(/^\/base\/api\/search\/count\?/);
  });
});

describe('a trace', () => {
  it('comes in pieces and leaves its measures', async () => {
    const tempo = fakeTempo([]);
    const bytes = envelope(SPANS);
    tempo.next(() => {
      const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 10) controller.enqueue(bytes.slice(at, at + 10));
          controller.close();
        },
      });
      return new Response(pieces, { headers: { 'content-type': 'application/protobuf' } });
    });
    performance.clearMeasures();
    const { source, work } = subject(tempo);
    const table = await source.trace(id, { signal });
    expect(table.length).toBe(2);
    expect(performance.getEntriesByType('measure').map(entry => entry.name)).toEqual([
      'throughline:fetch',
      'throughline:decode',
      'throughline:prepare',
    ]);
    expect(work).toEqual([1, 0]);
  });

  it('comes as JSON from a source that has nothing else', async () => {
    const tempo = fakeTempo([]);
    const { encodeTraces } = await import('#decoding/otlp/otlp-encode.ts');
    const { protoToOtlpJson } = await import('#decoding/otlp/otlp-to-json.ts');
    const trace = protoToOtlpJson(encodeTraces(SPANS), { style: 'tempo' });
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    tempo.next(() => new Response(`{"trace":${trace},"metrics":{}}`, { headers }));
    const { source } = subject(tempo);
    const table = await source.trace(id, { signal });
    expect(table.length).toBe(2);
    expect(table.strings.at(table.name[1])).toBe('items');
    expect(JSON.parse(await table.details.rawJson(1)).resourceSpans[0].scopeSpans[0].spans[0].name).toBe('items');
    tempo.next(() => new Response('{"trace":{},"metrics":{}}', { headers }));
    await expect(source.trace(id, { signal })).rejects.toMatchObject({ kind: 'not-found' });
    tempo.next(() => new Response(`{"trace":${trace.slice(0, 90)}`, { headers }));
    await expect(source.trace(id, { signal })).rejects.toMatchObject({
      kind: 'damaged',
      message: 'The trace that Production sent cannot be read: the trace is cut off',
    });
  });

  it('says when the source cut it', async () => {
    const tempo = fakeTempo([]);
    tempo.next(() => protobuf(envelope(SPANS, 1, 'Trace exceeds maximum size')));
    expect((await subject(tempo).source.trace(id, { signal })).partial).toBe('Trace exceeds maximum size');
  });
});

describe('failures', () => {
  const failure = async (
    answer: (path: string, signal: AbortSignal) => Response | Promise<Response>,
    start?: StartPort,
  ) => {
    const tempo = fakeTempo(SPANS);
    tempo.next(answer);
    const { source, work } = subject(tempo, { embedded: true, ...(start && { start }) });
    const error = await source.trace(id, { signal }).catch((cause: unknown) => cause);
    expect(work.at(-1)).toBe(0);
    return error;
  };
  const html = () => new Response('<!doctype html><title>Log in</title>', { headers: { 'content-type': 'text/html' } });

  it('a web page instead of a trace or of JSON', async () => {
    expect(await failure(html)).toMatchObject({
      kind: 'damaged',
      message: 'Production sent a web page where a trace was expected',
      detail: expect.stringContaining('Log in'),
    });
    const tempo = fakeTempo(SPANS);
    tempo.next(html);
    await expect(subject(tempo).source.tags(window, { signal })).rejects.toMatchObject({
      kind: 'damaged',
      message: 'Production sent a web page where JSON was expected',
    });
  });

  it('a trace that is cut off or damaged', async () => {
    const bytes = envelope(SPANS);
    expect(await failure(() => protobuf(bytes.slice(0, 60)))).toMatchObject({
      kind: 'damaged',
      message: 'The trace that Production sent cannot be read: the trace is cut off',
    });
    const broken = bytes.slice().fill(0xff, 3, 30);
    expect(await failure(() => protobuf(broken))).toMatchObject({
      kind: 'damaged',
      detail: expect.stringContaining('at byte'),
    });
  });

  it('a connection that breaks off', async () => {
    const bytes = envelope(SPANS);
    let pulls = 0;
    const answer = () =>
      new Response(
        new ReadableStream<Uint8Array<ArrayBuffer>>({
          pull(controller) {
            if (pulls++ === 0) controller.enqueue(bytes.slice(0, 40));
            else controller.error(new TypeError('network error'));
          },
        }),
        { headers: { 'content-type': 'application/protobuf' } },
      );
    expect(await failure(answer)).toMatchObject({ kind: 'damaged', message: 'The connection to Production broke off' });
  });

  it('no answer at all', async () => {
    expect(await failure(() => Promise.reject(new TypeError('fetch failed')))).toMatchObject({
      kind: 'unreachable',
      message: 'Production does not answer',
      detail: expect.stringContaining('fetch failed'),
    });
  });

  it('refusals, in the words of the source', async () => {
    const answered = (status: number, body: string) => failure(() => new Response(body, { status }));
    expect(await answered(404, '')).toMatchObject({ kind: 'not-found', message: `Production has no trace ${id}` });
    expect(await answered(500, 'out of memory\nstack')).toMatchObject({
      kind: 'server',
      message: 'Production answered 500: out of memory',
    });
    expect(await answered(502, '<html>')).toMatchObject({
      kind: 'unreachable',
      message: 'Production is not available',
    });
    expect(await answered(504, '')).toMatchObject({ kind: 'timeout' });
    expect(await answered(413, '{"error":"20 MB"}')).toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('20 MB'),
    });
    expect(await answered(400, 'invalid TraceQL query: x')).toMatchObject({
      kind: 'bad-query',
      message: 'invalid TraceQL query: x',
    });
  });

  describe('in time', () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it('silence before the answer', async () => {
      vi.useFakeTimers();
      const failed = failure(
        (_, aborted) =>
          new Promise((_resolve, reject) => aborted.addEventListener('abort', () => reject(aborted.reason))),
      );
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await failed).toMatchObject({ kind: 'timeout', message: 'Production has not answered for 5 seconds' });
    });
  });

  it('a worker that dies, and the next trace is read by a new one', async () => {
    let started = 0;
    const tempo = fakeTempo(SPANS);
    const start: StartPort = (onReply, onFault) => {
      started++;
      if (started > 1) return startInThread(tempo.fetch)(onReply, onFault);
      return { send: () => queueMicrotask(() => onFault('out of memory')), terminate: () => undefined };
    };
    const { source } = subject(tempo, { start });
    await expect(source.trace(id, { signal })).rejects.toMatchObject({
      kind: 'damaged',
      detail: expect.stringContaining('out of memory'),
    });
    expect((await source.trace(id, { signal })).length).toBe(2);
    expect(started).toBe(2);
  });

  it('an abort while the worker reads frees the worker', async () => {
    const sent: string[] = [];
    const controller = new AbortController();
    const start: StartPort = () => ({
      send: request => {
        sent.push(request.type);
        if (request.type === 'load') queueMicrotask(() => controller.abort());
      },
      terminate: () => undefined,
    });
    const { source, work } = subject(fakeTempo(SPANS), { start });
    await expect(source.trace(id, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent.at(-1)).toBe('release');
    expect(work).toEqual([1, 0]);
  });
});
