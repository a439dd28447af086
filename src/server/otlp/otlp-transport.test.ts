import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log, RequestEntry } from '#server/http/log.ts';
import { type FakeStore, fakeStore } from '#server/testing/fake-store.ts';
import { otlpApp } from './otlp-app.ts';

// Row numbers are those of the OTLP/HTTP conformance table: section A, transport. What is inside a body: otlp-rows.test.ts.

const JSON_TYPE = 'application/json';
const PROTO_TYPE = 'application/x-protobuf';
const jsonBody = Buffer.from('{"resourceSpans":[]}');
const protoBody = Buffer.from([0x0a, 0x00]);

let store: FakeStore;
let app: FastifyInstance;
let port: number;
let requests: RequestEntry[];
let logged: { name: string; fields: Readonly<Record<string, unknown>> }[];

beforeEach(async () => {
  store = fakeStore();
  logged = [];
  requests = [];
  await start({});
});
afterEach(() => app.close());

async function start(options: Partial<Parameters<typeof otlpApp>[0]>): Promise<void> {
  const log: Log = {
    event: (name, fields) => logged.push({ name, fields }),
    request: entry => requests.push(entry),
    say: () => {},
  };
  const hosts = new Set(['127.0.0.1', 'localhost', '::1']);
  await app?.close();
  app = otlpApp({ store, log, hosts, corsOrigins: ['https://shop.example.com'], ...options });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | readonly Uint8Array[];
}

function send({ method = 'POST', path = '/v1/traces', headers = {}, body = Buffer.alloc(0) }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    let answered = false;
    request.on('response', () => {
      answered = true;
    });
    request.on('error', error => answered || reject(error));
    if (body instanceof Uint8Array) request.end(body);
    else {
      for (const piece of body) request.write(piece);
      request.end();
    }
  });
}

const post = (type: string, body: Uint8Array, headers: Record<string, string> = {}) =>
  send({ headers: { 'content-type': type, ...headers }, body });

/** google.rpc.Status of an answer, in whichever encoding it came. */
function statusOf({ headers, body }: Answer): { code: number; message: string } {
  if (headers['content-type'] === JSON_TYPE) return JSON.parse(body.toString()) as { code: number; message: string };
  expect(headers['content-type']).toBe(PROTO_TYPE);
  expect([body[0], body[2]]).toEqual([0x08, 0x12]);
  const from = body[3] < 128 ? 4 : 5;
  const length = from === 4 ? body[3] : body[3] - 128 + body[4] * 128;
  return { code: body[1], message: body.subarray(from, from + length).toString() };
}

test('row 1: valid bodies answer 200 in their own encoding, with nothing to say on full success', async () => {
  const json = await post(JSON_TYPE, jsonBody);
  expect([json.status, json.headers['content-type'], json.body.toString()]).toEqual([200, JSON_TYPE, '{}']);
  const proto = await post(PROTO_TYPE, protoBody);
  expect([proto.status, proto.headers['content-type'], proto.body.length]).toEqual([200, PROTO_TYPE, 0]);
  expect(store.ingested.map(({ encoding, body }) => [encoding, Buffer.from(body)])).toEqual([
    ['json', jsonBody],
    ['protobuf', protoBody],
  ]);
});

test('row 2: gzip, also of several members', async () => {
  const members = Buffer.concat([gzipSync(jsonBody.subarray(0, 7)), gzipSync(jsonBody.subarray(7))]);
  for (const [type, body, plain] of [
    [JSON_TYPE, gzipSync(jsonBody), jsonBody],
    [PROTO_TYPE, gzipSync(protoBody), protoBody],
    [JSON_TYPE, members, jsonBody],
  ] as const) {
    expect((await post(type, body, { 'content-encoding': body === members ? 'x-gzip' : 'gzip' })).status).toBe(200);
    expect(Buffer.from(store.ingested.at(-1)?.body ?? [])).toEqual(plain);
  }
});

test.each(['application/json; charset=utf-8', 'Application/JSON'])('row 3: Content-Type %s', async type => {
  expect((await post(type, jsonBody)).status).toBe(200);
});

test.each([undefined, 'text/plain', 'application/protobuf', 'application/x-www-form-urlencoded', 'garbage'])(
  'row 4: Content-Type %s answers 415',
  async type => {
    for (const body of [jsonBody, Buffer.alloc(0)]) {
      const answer = await send({ headers: type === undefined ? {} : { 'content-type': type }, body });
      expect(answer.status).toBe(415);
      expect(statusOf(answer)).toMatchObject({ code: 3, message: expect.stringContaining('Content-Type') });
    }
    expect(store.ingested).toEqual([]);
  },
);

test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('row 5: %s answers 405 with Allow', async method => {
  const answer = await send({ method });
  expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
});

describe('row 6: pages of other origins', () => {
  const preflight = (origin: string) =>
    send({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  test('an origin that is not listed gets no permission', async () => {
    const answer = await preflight('https://evil.example.com');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.status).toBe(403);
  });

  test('a listed origin gets exactly itself', async () => {
    const answer = await preflight('https://shop.example.com');
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example.com',
      'access-control-allow-headers': 'content-type,content-encoding,authorization',
      vary: 'Origin',
    });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    const sent = await post(JSON_TYPE, jsonBody, {
      origin: 'https://shop.example.com',
      'sec-fetch-site': 'cross-site',
    });
    expect([sent.status, sent.headers['access-control-allow-origin']]).toEqual([200, 'https://shop.example.com']);
  });

  test.each([{ 'sec-fetch-site': 'cross-site' }, { origin: 'null' }, { origin: 'https://evil.example.com' }])(
    '%j is refused',
    async headers => {
      const answer = await post(JSON_TYPE, jsonBody, headers);
      expect(answer.status).toBe(403);
      expect(statusOf(answer).code).toBe(7);
      expect(store.ingested).toEqual([]);
    },
  );
});

test.each(['/v1/trace', '/v1/traces/', '/', '/v1/traces%2f'])('row 7: %s answers 404', async path => {
  const answer = await send({ path, headers: { 'content-type': PROTO_TYPE }, body: protoBody });
  expect(answer.status).toBe(404);
  expect(statusOf(answer).code).toBe(5);
});

test.each(['/v1/metrics', '/v1/logs'])('row 8: %s answers 404, names the supported path and logs once', async path => {
  for (let i = 0; i < 3; i++) {
    const answer = await send({ path, headers: { 'content-type': PROTO_TYPE }, body: protoBody });
    expect([answer.status, statusOf(answer).message]).toEqual([404, expect.stringContaining('/v1/traces')]);
  }
  expect(logged.filter(({ name }) => name === 'otlp-unsupported')).toHaveLength(1);
});

test('row 9: Content-Encoding identity', async () => {
  expect((await post(JSON_TYPE, jsonBody, { 'content-encoding': 'identity' })).status).toBe(200);
});

test('a target that names a host itself is refused: it could be another than the header has', async () => {
  const head = `Host: 127.0.0.1\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`;
  expect(await raw(`POST http://evil.example/v1/traces HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 400 /);
  expect(await raw(`POST /v1/traces HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1\.1 200 /);
});

test.each(['br', 'gzip, gzip', 'deflate', 'zstd'])('row 10: Content-Encoding %s answers 415', async encoding => {
  const answer = await post(JSON_TYPE, brotliCompressSync(jsonBody), { 'content-encoding': encoding });
  expect([answer.status, answer.headers['accept-encoding']]).toEqual([415, 'gzip']);
});

describe('row 11: damaged gzip answers 400', () => {
  const packed = gzipSync(jsonBody);
  test.each([
    ['plain', jsonBody],
    ['empty', Buffer.alloc(0)],
    ['truncated', packed.subarray(0, packed.length - 5)],
    ['trailing garbage', Buffer.concat([packed, Buffer.from('garbage')])],
    ['wrong checksum', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])],
  ])('%s', async (_what, body) => {
    const answer = await post(JSON_TYPE, body, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(400);
    expect(statusOf(answer).code).toBe(3);
    expect(store.ingested).toEqual([]);
  });
});

test('row 12: a gzip bomb answers 413 without being unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20, ' '), { level: 9 });
  expect(bomb.length).toBeLessThan(2 ** 18);
  const before = process.memoryUsage().rss;
  const answer = await post(JSON_TYPE, bomb, { 'content-encoding': 'gzip' });
  expect([answer.status, statusOf(answer).code]).toEqual([413, 8]);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
});

describe('row 13: too large', () => {
  const large = Buffer.alloc(70 * 2 ** 20, ' ');
  test('by its Content-Length', async () => {
    const answer = await send({
      headers: { 'content-type': PROTO_TYPE, 'content-length': String(large.length) },
      body: large,
    });
    expect([answer.status, statusOf(answer).code]).toEqual([413, 8]);
  });

  test('chunked', async () => {
    const answer = await send({
      headers: { 'content-type': JSON_TYPE },
      body: Array.from({ length: 70 }, () => large.subarray(0, 2 ** 20)),
    });
    expect(answer.status).toBe(413);
    expect(store.ingested).toEqual([]);
  });

  test('the limit counts to the byte', async () => {
    await start({ maxBodyBytes: 100 });
    expect((await post(PROTO_TYPE, Buffer.alloc(100))).status).toBe(200);
    expect((await post(PROTO_TYPE, Buffer.alloc(101))).status).toBe(413);
    expect((await post(PROTO_TYPE, gzipSync(Buffer.alloc(101)), { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  test('all requests together: 503, to be sent again', async () => {
    await start({ maxBodiesBytes: 100 });
    const answer = await post(PROTO_TYPE, Buffer.alloc(101));
    expect([answer.status, answer.headers['retry-after'], statusOf(answer).code]).toEqual([503, '1', 14]);
    expect((await post(PROTO_TYPE, Buffer.alloc(100))).status).toBe(200);
  });
});

test('row 14: chunks of 7 bytes; Expect: 100-continue', async () => {
  const pieces = Array.from({ length: Math.ceil(jsonBody.length / 7) }, (_, i) => jsonBody.subarray(i * 7, i * 7 + 7));
  expect((await send({ headers: { 'content-type': JSON_TYPE }, body: pieces })).status).toBe(200);
  expect(Buffer.from(store.ingested[0].body)).toEqual(jsonBody);
  expect((await post(JSON_TYPE, jsonBody, { expect: '100-continue' })).status).toBe(200);
});

test.each([
  ['without a Host', '', 421],
  ['with two Hosts', 'Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n', 400],
  ['with an expectation that is not 100-continue', 'Host: 127.0.0.1\r\nExpect: a-miracle\r\n', 200],
])('a request %s is answered by the receiver itself', async (_what, headers, status) => {
  const head = `POST /v1/traces HTTP/1.1\r\n${headers}Connection: close\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 20\r\n\r\n`;
  const answer = await raw(`${head}${jsonBody}`);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*content-type: application/json`, 's'));
});

/** Writes bytes as they are and returns everything that comes back until the connection ends. */
function raw(...pieces: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', chunk => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', error => (text === '' ? reject(error) : undefined));
    for (const piece of pieces) socket.write(piece, 'latin1');
    socket.end();
  });
}

test('row 15: a body that ends before its Content-Length stores nothing', async () => {
  for (const encoding of ['', 'Content-Encoding: gzip\r\n']) {
    const head = `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${JSON_TYPE}\r\n${encoding}Content-Length: 500\r\n\r\n`;
    expect(await raw(head, '{"resourceSp')).toMatch(/^(HTTP\/1\.1 400 |$)/);
  }
  expect(store.ingested).toEqual([]);
  expect((await post(JSON_TYPE, jsonBody)).status).toBe(200);
});

test('row 16: dripping headers and bodies are cut off', async () => {
  await start({ headersTimeoutMs: 200, requestTimeoutMs: 300 });
  const open = (text: string) =>
    new Promise<string>(resolve => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.setEncoding('latin1').on('data', chunk => {
        answer += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
    });
  const [headers, body] = await Promise.all([
    open('POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '),
    open(`POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 500\r\n\r\n{`),
  ]);
  expect(headers).toMatch(/^HTTP\/1\.1 408 .*"message":"the request did not arrive in time"/s);
  expect(body).toMatch(/^(HTTP\/1\.1 (408|400) |$)/);
  expect(store.ingested).toEqual([]);
});

test('row 17: Accept-Encoding gzip', async () => {
  expect((await post(JSON_TYPE, jsonBody, { 'accept-encoding': 'gzip' })).body.toString()).toBe('{}');
});

test('row 18: 64 KB of headers answer 431', async () => {
  expect(await raw(`POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Large: ${'x'.repeat(64 * 1024)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  const many = Array.from({ length: 2000 }, (_, i) => `X-${i}: ${'y'.repeat(20)}\r\n`).join('');
  expect(await raw(`POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\n${many}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
});

test('row 19: line breaks in the target or a header split nothing', async () => {
  const answer = await raw('POST /v1/traces?x=\rSet-Cookie: HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).not.toMatch(/set-cookie/i);
});

test.each(['evil.example', 'evil.example:4318', '127.0.0.1.evil.example', 'localhost.evil.example'])(
  'row 20: Host %j answers 421',
  async host => {
    const answer = await post(PROTO_TYPE, protoBody, { host });
    expect(answer.status).toBe(421);
    expect(statusOf(answer)).toMatchObject({ code: 7, message: expect.stringContaining('allowedHosts') });
    expect(store.ingested).toEqual([]);
  },
);

test.each(['localhost', 'LOCALHOST:1', 'localhost.', '[::1]:4318', '127.0.0.1:9'])(
  'row 20: Host %j is this machine',
  async host => {
    expect((await post(PROTO_TYPE, protoBody, { host })).status).toBe(200);
  },
);

describe('answers of the store', () => {
  test('a partial success names the count as a string', async () => {
    store.answers.push({ kind: 'stored', accepted: 9, rejected: 1, message: 'span id is zero' });
    const json = await post(JSON_TYPE, jsonBody);
    expect(JSON.parse(json.body.toString())).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: 'span id is zero' },
    });
    store.answers.push({ kind: 'stored', accepted: 9, rejected: 300, message: 'bad' });
    const proto = await post(PROTO_TYPE, protoBody);
    expect([...proto.body]).toEqual([0x0a, 8, 0x08, 0xac, 0x02, 0x12, 3, 0x62, 0x61, 0x64]);
  });

  test('row 40: a warning alone is a partial success of zero', async () => {
    store.answers.push({ kind: 'stored', accepted: 0, rejected: 0, message: '0 spans, 1 unknown group' });
    expect(JSON.parse((await post(JSON_TYPE, jsonBody)).body.toString())).toEqual({
      partialSuccess: { rejectedSpans: '0', errorMessage: '0 spans, 1 unknown group' },
    });
  });

  test('invalid is 400, never to be sent again', async () => {
    store.answers.push({ kind: 'invalid', message: 'bad wire type at byte 7' });
    const answer = await post(PROTO_TYPE, protoBody);
    expect([answer.status, statusOf(answer)]).toEqual([400, { code: 3, message: 'bad wire type at byte 7' }]);
    const url = 'type.googleapis.com/google.rpc.BadRequest';
    const violation = [0x0a, 25, 0x12, 23, ...Buffer.from('bad wire type at byte 7')];
    const any = [0x0a, url.length, ...Buffer.from(url), 0x12, violation.length, ...violation];
    expect([...answer.body.subarray(4 + 23)]).toEqual([0x1a, any.length, ...any]);
  });

  test('a refusal names the place, where it is known, as google.rpc.BadRequest has it', async () => {
    const field = 'resourceSpans[0].scopeSpans[0].spans[3].startTimeUnixNano';
    store.answers.push({ kind: 'invalid', message: `${field}: no integer`, field });
    const violation = { field, description: `${field}: no integer` };
    expect(statusOf(await post(JSON_TYPE, jsonBody))).toEqual({
      code: 3,
      message: violation.description,
      details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [violation] }],
    });
    expect(statusOf(await post(JSON_TYPE, Buffer.alloc(0)))).toMatchObject({
      details: [{ fieldViolations: [{ description: 'the body is empty' }] }],
    });
    expect(statusOf(await post('text/plain', jsonBody))).not.toHaveProperty('details');
  });

  test('unavailable is 503 with whole seconds to wait', async () => {
    store.answers.push({ kind: 'unavailable', message: 'the disk is full', retryAfterS: 0.2 });
    const answer = await post(JSON_TYPE, jsonBody);
    expect([answer.status, answer.headers['retry-after'], statusOf(answer).code]).toEqual([503, '1', 14]);
  });

  test('who is put off is logged once a minute: a line for each would fill a disk that is full', async () => {
    for (let i = 1; i <= 20; i++) {
      store.answers.push({ kind: 'unavailable', message: `${i} MiB of disk are free`, retryAfterS: 1 });
      expect((await post(JSON_TYPE, jsonBody)).status).toBe(503);
    }
    expect(requests).toMatchObject([{ status: 503, message: '1 MiB of disk are free' }]);
    store.answers.push({ kind: 'unavailable', message: 'the queue is full', retryAfterS: 1 });
    await post(JSON_TYPE, jsonBody);
    for (let i = 0; i < 2; i++) await post('text/plain', jsonBody);
    expect(requests.map(({ status }) => status)).toEqual([503, 503, 415, 415]);
  });

  test('a fault of ours is 503 too: a 500 would make exporters drop the spans', async () => {
    store.answers.push(new Error('boom'));
    const answer = await post(PROTO_TYPE, protoBody);
    expect([answer.status, answer.headers['retry-after'], statusOf(answer).code]).toEqual([503, '5', 14]);
    expect(statusOf(answer).message).not.toContain('boom');
    expect(logged.some(({ name }) => name === 'error')).toBe(true);
  });

  test('row 93: a long message is cut', async () => {
    store.answers.push({ kind: 'stored', accepted: 0, rejected: 1e6, message: 'x'.repeat(1e6) });
    expect((await post(JSON_TYPE, jsonBody)).body.length).toBeLessThan(1200);
  });

  test('row 21: an empty JSON body is 400', async () => {
    expect((await post(JSON_TYPE, Buffer.alloc(0))).status).toBe(400);
  });

  test('row 22: an empty protobuf body is a valid empty message', async () => {
    expect((await post(PROTO_TYPE, Buffer.alloc(0))).status).toBe(200);
  });
});
