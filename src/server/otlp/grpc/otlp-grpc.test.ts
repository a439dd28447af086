import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  Client,
  compressionAlgorithms,
  connectivityState,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { protoRequest, protoSpan } from '#server/otlp/testing/requests.ts';
import { type FakeStore, fakeStore } from '#server/testing/fake-store.ts';
import { type OtlpGrpc, type OtlpGrpcOptions, otlpGrpc } from './otlp-grpc.ts';
import { ReadSlots } from './read-slots.ts';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const TRACES = 'opentelemetry.proto.collector.trace.v1.TraceService';
const request = protoRequest([protoSpan('abc0'.repeat(8), 'aaaaaaaaaaaaaaa1')]);

let store: FakeStore;
let grpc: OtlpGrpc;
let port: number;
let draining: boolean;
let clients: Client[];
let logged: string[];

beforeEach(async () => {
  store = fakeStore();
  draining = false;
  clients = [];
  logged = [];
  await start();
});
afterEach(async () => {
  for (const client of clients) client.close();
  grpc.closeAllConnections();
  await grpc.close();
});

async function start(options: Partial<OtlpGrpcOptions> = {}): Promise<void> {
  grpc?.closeAllConnections();
  grpc = otlpGrpc({
    store,
    log: {
      event: name => logged.push(name),
      request: ({ url, status: code }) => logged.push(`${url} ${code}`),
      say: () => {},
    },
    hosts: new Set(['127.0.0.1', 'localhost', '::1']),
    isDraining: () => draining,
    watchHealthEveryMs: 5,
    ...options,
  });
  await new Promise<void>(resolve => grpc.server.listen(0, '127.0.0.1', resolve));
  port = (grpc.server.address() as AddressInfo).port;
}

function connectTo(options: Record<string, string | number> = {}): Client {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.enable_retries': 0,
    ...options,
  });
  clients.push(client);
  return client;
}

interface Answer {
  readonly code: status;
  readonly message: string;
  readonly body: Buffer;
  readonly details: Buffer | undefined;
}

function call(body: Uint8Array, { path = EXPORT, client = connectTo(), deadlineMs = 10_000 } = {}): Promise<Answer> {
  return new Promise(resolve => {
    const same = (bytes: Buffer) => bytes;
    const deadline = Date.now() + deadlineMs;
    client.makeUnaryRequest(path, same, same, Buffer.from(body), new Metadata(), { deadline }, (error, answer) =>
      resolve({
        code: error?.code ?? status.OK,
        message: error?.details ?? '',
        body: answer ?? Buffer.alloc(0),
        details: (error as ServiceError | null)?.metadata?.get('grpc-status-details-bin')[0] as Buffer | undefined,
      }),
    );
  });
}

describe('messages', () => {
  test('a full success has an empty answer; the store gets the bytes as they came', async () => {
    expect(await call(request)).toMatchObject({ code: status.OK, body: Buffer.alloc(0) });
    expect(store.ingested.map(({ encoding }) => encoding)).toEqual(['protobuf']);
    expect(Buffer.from(store.ingested[0].body)).toEqual(Buffer.from(request));
  });

  test('an empty message is valid', async () => {
    expect((await call(new Uint8Array())).code).toBe(status.OK);
  });

  test('gzip', async () => {
    const client = connectTo({ 'grpc.default_compression_algorithm': compressionAlgorithms.gzip });
    expect((await call(request, { client })).code).toBe(status.OK);
    expect(Buffer.from(store.ingested[0].body)).toEqual(Buffer.from(request));
  });

  test('many at once over one connection', async () => {
    const client = connectTo();
    const answers = await Promise.all(Array.from({ length: 200 }, () => call(request, { client })));
    expect(answers.every(({ code }) => code === status.OK)).toBe(true);
    expect(store.ingested).toHaveLength(200);
  });

  test('the exporter of the OpenTelemetry SDK', async () => {
    const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}` });
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    provider.getTracer('test').startSpan('sent by the SDK').end();
    await provider.forceFlush();
    await provider.shutdown();
    expect(store.ingested).toHaveLength(1);
    expect(Buffer.from(store.ingested[0].body).includes('sent by the SDK')).toBe(true);
  });
});

describe('answers of the store', () => {
  test('a partial success', async () => {
    store.answers.push({ kind: 'stored', accepted: 9, rejected: 300, message: 'bad' });
    const { code, body } = await call(request);
    expect([code, ...body]).toEqual([status.OK, 0x0a, 8, 0x08, 0xac, 0x02, 0x12, 3, 0x62, 0x61, 0x64]);
  });

  test('invalid is INVALID_ARGUMENT, never to be sent again', async () => {
    store.answers.push({ kind: 'invalid', message: 'bad wire type at byte 7 \ud83d' });
    const answer = await call(request);
    expect(answer.code).toBe(status.INVALID_ARGUMENT);
    expect(answer.details?.includes('google.rpc.BadRequest')).toBe(true);
    expect(answer.message).toContain('bad wire type at byte 7');
    expect(logged).toEqual([`${EXPORT} ${status.INVALID_ARGUMENT}`]);
  });

  test.each([
    [{ isOverload: true, retryAfterS: 3 }, status.RESOURCE_EXHAUSTED, 3],
    [{ retryAfterS: 0.2 }, status.UNAVAILABLE, 1],
  ] as const)('%j carries RetryInfo', async (cause, code, seconds) => {
    store.answers.push({ kind: 'unavailable', message: 'full', ...cause });
    const answer = await call(request);
    expect(answer).toMatchObject({ code, message: 'full' });
    const typeUrl = 'type.googleapis.com/google.rpc.RetryInfo';
    const retryInfo = [0x0a, 2, 0x08, seconds];
    const any = [0x0a, typeUrl.length, ...Buffer.from(typeUrl), 0x12, retryInfo.length, ...retryInfo];
    expect([...(answer.details ?? [])]).toEqual([
      0x08,
      code,
      0x12,
      4,
      ...Buffer.from('full'),
      0x1a,
      any.length,
      ...any,
    ]);
  });

  test('a fault of ours is UNAVAILABLE: exporters throw spans away on INTERNAL', async () => {
    store.answers.push(new Error('boom'));
    const answer = await call(request);
    expect(answer.code).toBe(status.UNAVAILABLE);
    expect(answer.message).not.toContain('boom');
    expect(logged).toContain('error');
  });
});

describe('refusals', () => {
  test.each(['logs', 'metrics'])('%s are UNIMPLEMENTED and logged once', async signal => {
    const name = signal === 'logs' ? 'Logs' : 'Metrics';
    const path = `/opentelemetry.proto.collector.${signal}.v1.${name}Service/Export`;
    for (let i = 0; i < 3; i++) {
      expect(await call(request, { path })).toMatchObject({
        code: status.UNIMPLEMENTED,
        message: expect.stringContaining('TraceService'),
      });
    }
    expect(logged.filter(name => name === 'otlp-unsupported')).toHaveLength(1);
  });

  test('an unknown method', async () => {
    expect((await call(request, { path: '/x.Y/Z' })).code).toBe(status.UNIMPLEMENTED);
  });

  test.each(['evil.example', 'evil.example:4317', 'localhost.evil.example'])('authority %j', async authority => {
    const answer = await call(request, { client: connectTo({ 'grpc.default_authority': authority }) });
    expect(answer).toMatchObject({
      code: status.PERMISSION_DENIED,
      message: expect.stringContaining('allowedHosts'),
    });
    expect(store.ingested).toEqual([]);
  });

  test.each(['localhost', 'LOCALHOST:1', '[::1]:4317'])('authority %j is this machine', async authority => {
    const client = connectTo({ 'grpc.default_authority': authority });
    expect((await call(request, { client })).code).toBe(status.OK);
  });

  test('a message over the limit, as sent or unpacked', async () => {
    await start({ maxMessageBytes: 1000 });
    const zip = connectTo({ 'grpc.default_compression_algorithm': compressionAlgorithms.gzip });
    expect(gzipSync(Buffer.alloc(1001)).length).toBeLessThan(100);
    expect((await call(new Uint8Array(1001))).code).toBe(status.RESOURCE_EXHAUSTED);
    const unpacked = await call(new Uint8Array(1001), { client: zip });
    expect(unpacked).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: undefined });
    expect(store.ingested).toEqual([]);
    expect((await call(new Uint8Array(1000))).code).toBe(status.OK);
  });

  test('bytes that are not HTTP/2 end the connection, not the process', async () => {
    const ended = new Promise<void>(resolve => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
      socket.on('error', () => {}).on('close', () => resolve());
      socket.resume();
    });
    await ended;
    expect((await call(request)).code).toBe(status.OK);
  });
});

describe('room', () => {
  /** A call that sends its headers and then nothing. */
  function stalled(client: Client) {
    const same = (bytes: Buffer) => bytes;
    const open = client.makeClientStreamRequest(EXPORT, same, same, new Metadata(), () => {});
    open.on('error', () => {});
    return open;
  }

  test('calls over the number of slots wait, and those over the line are told to come again', async () => {
    await start({ slots: 1, maxWaiting: 1 });
    const client = connectTo();
    const first = stalled(client);
    const others = [call(request, { client }), call(request, { client }), call(request, { client })];
    const refused = await Promise.race(others);
    expect(refused.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(refused.details?.includes('google.rpc.RetryInfo')).toBe(true);
    first.write(Buffer.from(request));
    first.end();
    const codes = (await Promise.all(others)).map(({ code }) => code).sort();
    expect(codes).toEqual([status.OK, status.RESOURCE_EXHAUSTED, status.RESOURCE_EXHAUSTED]);
  });

  test('a message that does not come gives its slot back', async () => {
    await start({ slots: 1, messageTimeoutMs: 30 });
    const client = connectTo();
    stalled(client);
    expect((await call(request, { client })).code).toBe(status.OK);
    const gone = stalled(client);
    const waiting = call(request, { client });
    gone.cancel();
    expect((await waiting).code).toBe(status.OK);
  });

  test('slots: who leaves twice frees one, who leaves the line frees none', () => {
    const slots = new ReadSlots(1, 2);
    const started: string[] = [];
    const a = slots.enter(() => started.push('a'));
    const b = slots.enter(() => started.push('b'));
    slots.enter(() => started.push('c'));
    expect(slots.enter(() => started.push('d'))).toBeUndefined();
    b?.();
    expect(started).toEqual(['a']);
    a?.();
    a?.();
    expect(started).toEqual(['a', 'c']);
  });
});

describe('health', () => {
  const CHECK = '/grpc.health.v1.Health/Check';
  const named = (service: string) => Uint8Array.of(0x0a, service.length, ...Buffer.from(service));
  const check = async (body: Uint8Array) => {
    const answer = await call(body, { path: CHECK });
    return answer.code === status.OK ? [...answer.body] : answer.code;
  };

  test('of the server and of the trace service, 1 serving or 2 not', async () => {
    expect(await check(new Uint8Array())).toEqual([0x08, 1]);
    expect(await check(named(TRACES))).toEqual([0x08, 1]);
    expect(await check(named('other'))).toBe(status.NOT_FOUND);
    expect(await check(Uint8Array.of(0x08, 1))).toBe(status.INVALID_ARGUMENT);
    expect(await check(Uint8Array.of(0x0a, 9))).toBe(status.INVALID_ARGUMENT);
    draining = true;
    expect(await check(named(TRACES))).toEqual([0x08, 2]);
  });

  test('who watches is told each change', async () => {
    const same = (bytes: Buffer) => bytes;
    const watched = connectTo().makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, Buffer.alloc(0));
    watched.on('error', () => {});
    const states: number[] = [];
    const next = () =>
      new Promise<void>(resolve => watched.once('data', (bytes: Buffer) => resolve(void states.push(bytes[1]))));
    await next();
    draining = true;
    await next();
    draining = false;
    await next();
    watched.cancel();
    expect(states).toEqual([1, 2, 1]);
  });
});

test('closing lets a call that runs end, and takes no new one', async () => {
  let answer: (() => void) | undefined;
  const asked = new Promise<void>(resolve => {
    store.ingest = () =>
      new Promise(done => {
        answer = () => done({ kind: 'stored', accepted: 1, rejected: 0, message: '' });
        resolve();
      });
  });
  const client = connectTo();
  const running = call(request, { client });
  await asked;
  const closed = grpc.close();
  expect((await call(request, { deadlineMs: 500 })).code).toBe(status.UNAVAILABLE);
  answer?.();
  expect((await running).code).toBe(status.OK);
  await closed;
  expect(client.getChannel().getConnectivityState(false)).not.toBe(connectivityState.READY);
});
