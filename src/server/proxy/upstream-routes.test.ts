import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addUpstreams, type UpstreamLimits } from './upstream-routes.ts';

let upstream: Server;
let base: string;
let seen: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let app: FastifyInstance;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>(resolve => upstream.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/tempo`;
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});
afterEach(async () => {
  seen = [];
  await app.close();
});

const limits: UpstreamLimits = { timeoutMs: 5000, maxJsonBytes: 10_000, maxTraceBytes: 10_000 };

async function get(
  path: string,
  headers: Record<string, string> = {},
  overrides: Partial<UpstreamLimits> & { url?: string } = {},
) {
  app = Fastify();
  const { url = base, ...others } = overrides;
  const source = {
    id: 'prod',
    name: 'Production',
    kind: 'tempo',
    url,
    headers: { authorization: 'Bearer ours', 'x-scope-orgid': 'a' },
  } as const;
  addUpstreams(app, [source], { ...limits, ...others });
  return app.inject({ url: `/api/sources/prod/tempo/${path}`, headers });
}

function replyWith(type: string, body: string | Buffer, status = 200, headers: Record<string, string> = {}): void {
  answer = (_request, response) => {
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body);
  };
}

test('the request is rebuilt: our credentials and Accept, nothing else of the browser', async () => {
  replyWith('application/json', '{"traces":[]}');
  const response = await get('api/search?q=%7B%20status%3Derror%20%7D&limit=20&start=1&end=2', {
    cookie: 'a=b',
    authorization: 'Bearer theirs',
    'x-forwarded-for': '1.2.3.4',
    accept: 'text/html',
  });
  expect([response.statusCode, response.json()]).toEqual([200, { traces: [] }]);
  expect(seen[0].url).toBe('/tempo/api/search?q=%7B+status%3Derror+%7D&limit=20&start=1&end=2');
  const { host: _host, connection: _connection, ...headers } = seen[0].headers;
  expect(headers).toEqual({
    accept: 'application/json',
    authorization: 'Bearer ours',
    'x-scope-orgid': 'a',
    // What every fetch of Node adds.
    'accept-language': '*',
    'sec-fetch-mode': 'cors',
    'user-agent': 'node',
    'accept-encoding': 'gzip, deflate',
  });
});

test('an attribute name with a slash arrives as one segment', async () => {
  replyWith('application/json', '{"tagValues":[]}');
  expect((await get('api/v2/search/tag/span.app.kubernetes.io%2Fname/values')).statusCode).toBe(200);
  expect(seen[0].url).toBe('/tempo/api/v2/search/tag/span.app.kubernetes.io%2Fname/values');
});

test.each([
  'api/overrides',
  'api/v2/traces/diff',
  'api/traces/xyz',
  'api/traces/..',
  'api/traces/%2e%2e%2fadmin',
  'api/search/tag/../values',
  'api/search/tag/%2e%2e/values',
  'api/search/tag/%00/values',
  'api/search?admin=1',
  'api/search/',
  '/api/search',
  'api/../../admin',
  'ready',
  '',
])('%j is not passed on', async path => {
  replyWith('application/json', '{}');
  expect((await get(path)).statusCode).toBeGreaterThanOrEqual(400);
  expect(seen).toEqual([]);
});

test('an unknown source is 404', async () => {
  replyWith('application/json', '{}');
  await get('api/echo');
  expect((await app.inject({ url: '/api/sources/other/tempo/api/echo' })).statusCode).toBe(404);
});

test('the health check', async () => {
  replyWith('text/plain', 'echo');
  expect((await get('api/echo')).body).toBe('echo');
});

test('protobuf passes as it is, under our headers', async () => {
  const body = Buffer.from([0x0a, 0x00, 0xff, 0x80]);
  replyWith('application/protobuf', body, 200, {
    'set-cookie': 'a=b',
    'content-disposition': 'attachment',
    'x-evil': '1',
  });
  const response = await get('api/v2/traces/1f', { accept: 'application/protobuf' });
  expect([response.statusCode, response.headers['content-type'], response.rawPayload]).toEqual([
    200,
    'application/protobuf',
    body,
  ]);
  expect(Object.keys(response.headers)).not.toEqual(expect.arrayContaining(['set-cookie']));
  expect(response.headers['content-disposition']).toBeUndefined();
  expect(response.headers['x-evil']).toBeUndefined();
  expect(seen[0].headers.accept).toBe('application/protobuf');
});

test.each([
  ['text/html', '<script>alert(1)</script>'],
  ['image/svg+xml', '<svg onload="alert(1)"/>'],
  ['application/json', '<html>'],
  ['text/plain', 'echo<script>'],
])('%s %s is not served through us', async (type, body) => {
  replyWith(type, body);
  const response = await get('api/search');
  expect([response.statusCode, response.headers['content-type']]).toEqual([502, 'application/json; charset=utf-8']);
  expect(response.json().error).toContain("source 'Production'");
  expect(response.body).not.toContain('<script');
});

test('a redirect is an error and is not followed', async () => {
  replyWith('text/plain', '', 302, { location: 'http://169.254.169.254/latest/meta-data' });
  const response = await get('api/echo');
  expect([response.statusCode, response.json().error, seen.length]).toEqual([
    502,
    expect.stringContaining('redirect'),
    1,
  ]);
});

test('faults of the query keep their status and text; faults of the server and of credentials become 502', async () => {
  replyWith('text/plain', 'invalid TraceQL query:\nparse error\x1b[2J', 400);
  const bad = await get('api/search?q=%7B');
  expect([bad.statusCode, bad.json().error]).toEqual([
    400,
    "source 'Production' answered 400: invalid TraceQL query: parse error [2J",
  ]);
  await app.close();
  replyWith('text/plain', 'no', 404);
  expect((await get('api/traces/1')).statusCode).toBe(404);
  await app.close();
  for (const status of [401, 403, 500, 503]) {
    replyWith('text/plain', 'no', status, { 'www-authenticate': 'Basic' });
    const response = await get('api/search');
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([502, undefined]);
    await app.close();
  }
});

test('answers are capped, also when packed', async () => {
  replyWith('application/json', gzipSync(JSON.stringify(' '.repeat(20_000))), 200, { 'content-encoding': 'gzip' });
  const response = await get('api/search');
  expect([response.statusCode, response.json().error]).toEqual([502, expect.stringContaining('too large')]);
});

test('deeply nested JSON is an answer, not a crash', async () => {
  replyWith('application/json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect((await get('api/search', {}, { maxJsonBytes: 1e6 })).statusCode).toBe(502);
});

test('an upstream that is silent or not there is named', async () => {
  answer = () => {};
  const silent = await get('api/search', {}, { timeoutMs: 50 });
  expect([silent.statusCode, silent.json().error]).toEqual([504, "source 'Production' did not answer within 0.05 s"]);
  await app.close();
  const none = await get('api/search', {}, { url: 'http://127.0.0.1:1' });
  expect([none.statusCode, none.json().error]).toEqual([
    502,
    expect.stringMatching(/'Production' cannot be reached at http:\/\/127\.0\.0\.1:1: /),
  ]);
});
