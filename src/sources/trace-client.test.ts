import { expect, it, vi } from 'vitest';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { drawTraceProto } from '#decoding/testing/draw-trace-proto.ts';
import { criticalPath, pathColumns } from '#domain/analysis/critical-path.ts';
import { prepared } from '#domain/analysis/prepared-trace.ts';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID } from '#domain/testing/drawing.ts';
import type { SpanTerm } from '#domain/trace/span-details.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { loadTrace } from './tempo/load-trace.ts';
import { startInThread } from './testing/in-thread-port.ts';
import { TraceClient } from './trace-client.ts';
import { traceFile } from './trace-file.ts';
import type { LoadProgress } from './trace-protocol.ts';
import { TraceSession } from './trace-session.ts';

const DRAWING = `
  gateway  GET /checkout http.route='/checkout'   |----------------|
  cart       SELECT items db.rows=4711              |---|
  pay        POST /charge !                             |-------|
  pay          card @producer                            |--|
  bank           settle @consumer                            |-----|
`;
const TRACE = DRAWN_TRACE_ID as TraceId;

function local(): TraceTable {
  const decoded = decodeTrace(TRACE, drawTraceProto(DRAWING));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

const REQUEST = {
  traceId: TRACE,
  sourceName: 'Production',
  tempo: { root: '/tempo', params: '', tryVersion1: true, silenceMs: 5_000 },
};
const forever = new AbortController().signal;

/** What a source answers: the drawing as version 1 of the API sends it, in pieces. */
function answering(bytes: Uint8Array = drawTraceProto(DRAWING), pieceBytes = 64): typeof fetch {
  return async path => {
    if (String(path).includes('/v2/')) return new Response('', { status: 404 });
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += pieceBytes) controller.enqueue(bytes.slice(at, at + pieceBytes));
        controller.close();
      },
    });
    return new Response(pieces, { headers: { 'content-type': 'application/protobuf' } });
  };
}

function throughWorker(fetch = answering()): Promise<TraceTable> {
  return new TraceClient(startInThread(fetch)).table(REQUEST, { signal: forever });
}

const text = (wanted: string): readonly SpanTerm[] => [{ type: 'text', text: wanted }];

it('hands over the table that decoding here makes', async () => {
  const { details: _, strings, ...columns } = await throughWorker();
  const { details: __, strings: expectedStrings, ...expected } = local();
  expect(columns).toEqual(expected);
  for (let i = 0; i < expectedStrings.size; i++) expect(strings.at(i)).toBe(expectedStrings.at(i));
});

it('reads a copy from where it is kept, and nothing of the source', async () => {
  const asked: string[] = [];
  const read = answering();
  const fetch: typeof globalThis.fetch = (path, init) => {
    asked.push(String(path));
    return read(path, init);
  };
  const copy = '/api/pins/9f2c4b7d1e8a4c3f9b6d2e7a1c5f8b03/trace';
  const table = await new TraceClient(startInThread(fetch)).table(
    { ...REQUEST, tempo: { ...REQUEST.tempo, copy } },
    { signal: forever },
  );
  expect(table.length).toBe(local().length);
  expect(asked).toEqual([copy]);
});

it.each([404, 410])('says that a copy is not there where the answer is %i', async status => {
  const fetch = async () => new Response('{"error":"this pin was removed"}', { status });
  const read = new TraceClient(startInThread(fetch)).table(
    { ...REQUEST, tempo: { ...REQUEST.tempo, copy: '/copy' } },
    { signal: forever },
  );
  await expect(read).rejects.toMatchObject({ kind: 'not-found' });
});

it('hands over the critical path that the columns have, as often as it is asked for', async () => {
  const table = await throughWorker();
  const expected = criticalPath(local());
  expect(expected.row.length).toBeGreaterThan(1);
  expect(await table.details.criticalPath?.()).toEqual(expected);
  expect(await table.details.criticalPath?.()).toEqual(expected);
  const columns = pathColumns(local());
  expect(await table.details.criticalPath?.(columns), 'of others, as often as it is asked').toEqual(expected);
  expect(columns.startNs, 'handed over').toHaveLength(0);
});

it('hands over the trace as OTLP', async () => {
  const { details } = await throughWorker();
  expect(await details.otlp()).toEqual(await local().details.otlp());
  expect((await details.span(0)).attributes).toHaveLength(1);
});

it('hands over the trace as a file, tells how far it is, and can be told to stop', async () => {
  const table = await throughWorker();
  const written: number[] = [];
  const file = traceFile(table, 'otlp-json', { signal: forever, onProgress: spans => written.push(spans) });
  const blob = await file;
  expect(blob.type).toBe('application/json');
  expect(JSON.parse(await blob.text())).toEqual(JSON.parse(protoToOtlpJson(await local().details.otlp())));
  expect(written).toEqual([5]);
  const csv = await traceFile(table, 'csv', { signal: forever, onProgress: () => undefined });
  expect((await csv.text()).split('\r\n')).toHaveLength(1 + 5 + 1);

  const given = new AbortController();
  const stopped = traceFile(table, 'jaeger-json', { signal: given.signal, onProgress: () => undefined });
  given.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
  const late = traceFile(table, 'csv', { signal: given.signal, onProgress: () => undefined });
  await expect(late).rejects.toThrow('enough');
  expect((await table.details.span(0)).attributes).toHaveLength(1);
});

it('makes no file of a trace that was released meanwhile', async () => {
  const table = await throughWorker();
  const file = traceFile(table, 'csv', { signal: forever, onProgress: () => undefined });
  table.details.release();
  await expect(file).rejects.toThrow('released');
});

it('answers searches, and of those that wait only the last', async () => {
  const { details } = await throughWorker();
  const asked = await Promise.allSettled(['4', '47', '471', '4711'].map(typed => details.match?.(text(typed))));
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  const table = local();
  expect(asked[3]).toMatchObject({ value: await table.details.match?.(text('4711')) });
  expect(await details.match?.(text('checkout'))).toEqual(await table.details.match?.(text('checkout')));
});

it('looks for words in strings and resources where they were decoded, for the last of those that wait', async () => {
  const { details, strings } = await throughWorker();
  const asked = await Promise.allSettled(['c', 'ca', 'CAR'].map(typed => details.words?.(text(typed))));
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  const [card, checkout] = (await details.words?.([...text('car'), ...text('GET /check')]))!;
  const held = (mask: Uint8Array) => Array.from(mask, (hit, i) => (hit === 1 ? strings.at(i) : '')).filter(Boolean);
  expect(held(card!.strings!)).toEqual(['card']);
  expect(held(checkout!.strings!)).toEqual(['GET /checkout']);
  expect(held((await details.words?.(text('car')))![0]!.strings!), 'remembered').toEqual(['card']);
});

it('rejects what is asked after the release, also where the answer was being made', async () => {
  const { details } = await throughWorker();
  const waiting = details.match?.(text('4711'));
  details.release();
  await expect(waiting).rejects.toThrow('released');
  await expect(details.span(0)).rejects.toThrow('released');
});

it('hands over what the first rows need, worked out where the columns were made', async () => {
  const { shape: _, ...expected } = prepared(local());
  const { shape: __, ...given } = prepared(await throughWorker());
  expect(given).toEqual(expected);
});

it('hands columns over instead of copying them', async () => {
  const sent: TraceTable['startNs'][] = [];
  const session = new TraceSession(
    (reply, transfer) => {
      if (reply.type !== 'table') return;
      sent.push(reply.table.columns.startNs);
      structuredClone(reply, { transfer });
    },
    (request, tools) => loadTrace(request, { ...tools, fetch: answering() }),
  );
  await session.handle({ type: 'load', task: 1, as: 'table', ...REQUEST });
  expect(sent.map(column => column.length)).toEqual([0]);
});

it('is warmed up once, and no longer than until a trace is asked for', async () => {
  const told: string[] = [];
  let isWanted = (): boolean => false;
  const session = new TraceSession(
    () => undefined,
    (request, tools) => loadTrace(request, { ...tools, fetch: answering() }),
    async isStillWanted => {
      isWanted = isStillWanted;
    },
  );
  const client = new TraceClient(() => ({ send: ({ type }) => told.push(type), terminate: () => undefined }));
  client.warmUp();
  client.warmUp();
  expect(told).toEqual(['warm-up']);
  await session.handle({ type: 'warm-up' });
  expect(isWanted()).toBe(true);
  const loading = session.handle({ type: 'load', task: 1, as: 'table', ...REQUEST });
  expect(isWanted()).toBe(false);
  await loading;
  expect(isWanted()).toBe(false);
});

it('tells how far a load has come', async () => {
  const told: LoadProgress[] = [];
  const bytes = drawTraceProto(DRAWING);
  const client = new TraceClient(startInThread(answering(bytes)));
  await client.table(REQUEST, { signal: forever, onProgress: progress => told.push(progress) });
  expect(told[0]).toEqual({ bytes: 64, totalBytes: undefined, spans: 0 });
});

it('tells of the last piece before a silence, however soon it came after the one before', async () => {
  const bytes = drawTraceProto(DRAWING);
  const silence = Promise.withResolvers<void>();
  const fetch: typeof globalThis.fetch = async path => {
    if (String(path).includes('/v2/')) return new Response('', { status: 404 });
    const pieces = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(bytes.slice(0, 64));
        controller.enqueue(bytes.slice(64, 128));
        await silence.promise;
        controller.enqueue(bytes.slice(128));
        controller.close();
      },
    });
    return new Response(pieces, { headers: { 'content-type': 'application/protobuf' } });
  };
  const told: number[] = [];
  const onProgress = (progress: LoadProgress): void => {
    told.push(progress.bytes);
    if (progress.bytes === 128) silence.resolve();
  };
  await new TraceClient(startInThread(fetch)).table(REQUEST, { signal: forever, onProgress });
  expect(told.slice(0, 2)).toEqual([64, 128]);
});

it('stops reading when the load is cancelled, and answers later loads', async () => {
  const aborted = Promise.withResolvers<void>();
  const slow: typeof fetch = async (path, init) => {
    if (String(path).includes('/v2/')) return new Response('', { status: 404 });
    init?.signal?.addEventListener('abort', () => aborted.resolve());
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(drawTraceProto(DRAWING).slice(0, 40));
        return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
      },
    });
    return new Response(body, { headers: { 'content-type': 'application/protobuf' } });
  };
  let isFirst = true;
  const client = new TraceClient(
    startInThread((path, init) => {
      const answer = isFirst ? slow : answering();
      isFirst = isFirst && String(path).includes('/v2/');
      return answer(path, init);
    }),
  );
  const controller = new AbortController();
  const cancelled = client.table(REQUEST, { signal: controller.signal, onProgress: () => controller.abort() });
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  await aborted.promise;
  expect((await client.table(REQUEST, { signal: forever })).length).toBe(5);
});

it('does not start what is no longer wanted', async () => {
  const fetch = vi.fn(answering());
  const client = new TraceClient(startInThread(fetch));
  await expect(client.table(REQUEST, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  expect(fetch).not.toHaveBeenCalled();
});
