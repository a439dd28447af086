import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ServerConfig } from '#domain/api/server-api.ts';
import { QueryStopped } from '#server/store/store.ts';
import { type FakeStore, fakeStore } from '#server/testing/fake-store.ts';
import type { Log, RequestEntry } from './log.ts';
import { uiApp } from './ui-app.ts';

const config: ServerConfig = {
  version: '1',
  sources: [],
  baggageKeys: [],
  otlpHttp: 'http://127.0.0.1:4318',
  otlpGrpc: 'http://127.0.0.1:4317',
  retentionMs: 1,
  pinOnShare: true,
  frameAncestors: [],
};
const html = '<!doctype html><title>Throughline</title>';
const embedHtml =
  '<!doctype html><meta name="throughline-form" content="static"><script src="./assets/embed-1.js"></script>';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'throughline-ui-'));
  mkdirSync(join(root, 'dist/ui/assets'), { recursive: true });
  mkdirSync(join(root, 'dist/ui/sample'), { recursive: true });
  writeFileSync(join(root, 'dist/ui/index.html'), html);
  writeFileSync(join(root, 'dist/ui/embed.html'), embedHtml);
  writeFileSync(join(root, 'dist/ui/embed.js'), 'export {};');
  writeFileSync(join(root, 'dist/ui/embed.d.ts'), 'export {};');
  writeFileSync(join(root, 'dist/ui/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(
    join(root, 'dist/ui/assets/main-abc123.js'),
    `console.log(1);\n${'// long enough to be packed\n'.repeat(200)}`,
  );
  writeFileSync(join(root, 'dist/ui/sample/shop-incident.otlp.gz'), gzipSync(Buffer.from([0x0a, 0x00])));
  writeFileSync(join(root, 'secret.txt'), 'secret');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let app: FastifyInstance;
let store: FakeStore;
let requests: RequestEntry[];
let events: { name: string; fields: Readonly<Record<string, unknown>> }[];

async function start(options: Partial<Parameters<typeof uiApp>[0]> = {}): Promise<void> {
  requests = [];
  events = [];
  const log: Log = {
    event: (name, fields) => events.push({ name, fields }),
    request: entry => requests.push(entry),
    say: () => {},
  };
  await app?.close();
  app = await uiApp({
    store,
    log,
    hosts: new Set(['127.0.0.1', 'localhost']),
    sources: [],
    frameAncestors: [],
    readOrigins: [],
    config: () => config,
    isDraining: () => false,
    selfCheck: { state: { isRunning: false, last: undefined }, run: () => Promise.reject(new Error('none here')) },
    addTempoApi: scope => {
      scope.get('/api/echo', async () => 'echo');
      scope.get('/api/v2/search/tag/:tag/values', async request => request.params);
      scope.get('/api/slow', () => Promise.reject(new QueryStopped('deadline')));
      scope.get('/api/broken', () => Promise.reject(new Error('secret detail')));
    },
    packageRoot: root,
    uiDir: join(root, 'dist/ui'),
    ...options,
  });
}

beforeEach(async () => {
  store = fakeStore();
  await start();
});
afterEach(() => app.close());

const call = (url: string, options: InjectOptions = {}) =>
  app.inject({ url, ...options, headers: { host: '127.0.0.1:7318', ...options.headers } });
const page = (url: string) => call(url, { headers: { accept: 'text/html,*/*' } });

describe('headers', () => {
  test('a page carries exactly this policy', async () => {
    const { headers, body } = await page('/');
    expect(body).toBe(html);
    expect(String(headers['content-security-policy']).split(';')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "object-src 'none'",
      "frame-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types app-worker',
      'report-uri /api/csp-report',
    ]);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), payment=()',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test.each(['/api/config', '/tempo/api/echo', '/-/healthy', '/metrics', '/api/none'])(
    '%s is data, not a page',
    async url => {
      const { headers } = await call(url);
      expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
    },
  );

  test('embeds can be framed, by our own pages and by the configured origins', async () => {
    for (const url of ['/embed/x', '/trace/1?uiEmbed=v0', '/search?service=a&uiEmbed=v0']) {
      await start();
      expect((await page(url)).headers['content-security-policy']).toContain(";frame-ancestors 'self';");
      await start({ frameAncestors: ['https://wiki.example.com'] });
      const { headers } = await page(url);
      expect(headers['content-security-policy']).toContain(";frame-ancestors 'self' https://wiki.example.com;");
      expect(headers['content-security-policy']).toContain(";frame-src 'none';");
      expect(headers['x-frame-options']).toBeUndefined();
    }
  });

  test.each([
    '/',
    '/embed',
    '/embedded/x',
    '/%65mbed/x',
    '/trace/1',
    '/trace/1?uiEmbed=v1',
    '/trace/1?q=uiEmbed=v0',
    '/trace/1/2?uiEmbed=v0',
    '/store?uiEmbed=v0',
  ])('nobody can frame %s', async url => {
    await start({ frameAncestors: ['https://wiki.example.com'] });
    const { headers, body } = await page(url);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect([headers['x-frame-options'], body]).toEqual(['DENY', html]);
  });
});

describe('files and pages', () => {
  test('hashed files are kept for a year', async () => {
    const { statusCode, headers } = await call('/assets/main-abc123.js');
    expect([statusCode, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await call('/favicon.svg')).headers['cache-control']).toBe('public, max-age=86400');
  });

  test('a user interface that was built anew is served without a restart, documents only as pages', async () => {
    const built = join(root, 'dist/ui');
    const next = `${html}<script src="./assets/main-def456.js"></script>`;
    expect((await page('/')).body).toBe(html);
    writeFileSync(join(built, 'assets/main-def456.js'), 'console.log(2);');
    writeFileSync(join(built, 'index.html'), next);
    try {
      expect((await page('/')).body).toBe(next);
      const { statusCode, headers, body } = await call('/assets/main-def456.js');
      expect([statusCode, body]).toEqual([200, 'console.log(2);']);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect((await call('/index.html')).statusCode).toBe(404);
      rmSync(join(built, 'index.html'));
      expect((await page('/')).body).toBe(next);
    } finally {
      rmSync(join(built, 'assets/main-def456.js'));
      writeFileSync(join(built, 'index.html'), html);
    }
    expect((await call('/assets/main-def456.js')).statusCode).toBe(404);
  });

  test('answers are packed when asked for', async () => {
    const { headers } = await call('/assets/main-abc123.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
  });

  test.each(['/trace/0af7651916cd43dd8448eb211c80319c', '/trace/1?span=2', '/anything'])('%s is a page', async url => {
    const { statusCode, body } = await page(url);
    expect([statusCode, body]).toEqual([200, html]);
  });

  test.each(['/assets/none.js', '/none.txt', '/api/none', '/tempo/none', '/-/none'])(
    '%s is not found, also for a browser',
    async url => {
      const { statusCode, body } = await page(url);
      expect(statusCode).toBe(404);
      expect(body).not.toContain('<');
    },
  );

  test.each(['GET', 'HEAD'] as const)('%s of the root is a page, whatever is accepted', async method => {
    const { statusCode, headers } = await call('/', { method });
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });

  test.each(['/graph', '/trace/1', '/embed/graph'])(
    '%s is a page for who takes anything, as previews of links do',
    async url => {
      for (const headers of [{}, { accept: '*/*' }]) {
        expect((await call(url, { headers })).headers['content-type']).toBe('text/html; charset=utf-8');
      }
      expect((await call('/no-page', { headers: { accept: '*/*' } })).statusCode).toBe(404);
    },
  );

  test('a program that asks for a page address gets 404 and JSON', async () => {
    const { statusCode, headers, body } = await call('/trace/1', { headers: { accept: 'application/json' } });
    expect([statusCode, headers['content-type']]).toEqual([404, 'application/json; charset=utf-8']);
    expect(JSON.parse(body)).toEqual({ error: 'there is nothing at this address' });
  });

  test.each([
    ['/embed/x', '../'],
    ['/embed/trace/1?span=2/3', '../../'],
    ['/trace/1?uiEmbed=v0', '../'],
    ['/search?uiEmbed=v0', './'],
  ])('%s is the page of embeds, its files named from there', async (url, up) => {
    const { statusCode, body } = await page(url);
    expect(statusCode).toBe(200);
    expect(body).toBe(embedHtml.replace('static', 'server').replace('="./', `="${up}`));
  });

  test.each(['/index.html', '/embed.html'])('%s is no address of its own', async url => {
    expect((await page(url)).statusCode).toBe(404);
  });

  test('pages of other origins may load the script that embeds, and its types', async () => {
    for (const [url, type] of [
      ['/embed.js', 'application/javascript; charset=utf-8'],
      ['/embed.d.ts', 'text/plain; charset=utf-8'],
    ] as const) {
      expect((await call(url)).headers).toMatchObject({
        'content-type': type,
        'cross-origin-resource-policy': 'cross-origin',
        'access-control-allow-origin': '*',
        'cache-control': 'no-cache',
      });
    }
    const { headers } = await call('/favicon.svg');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('half of a user interface does not start', async () => {
    mkdirSync(join(root, 'half'));
    writeFileSync(join(root, 'half/index.html'), html);
    await expect(start({ uiDir: join(root, 'half') })).rejects.toThrow(/embed\.html is missing.*npm run build/);
  });

  test('without a built user interface it says how to build one', async () => {
    await start({ uiDir: join(root, 'none') });
    const { statusCode, body } = await page('/');
    expect([statusCode, body]).toEqual([503, expect.stringContaining('npm start')]);
  });
});

describe('hostile targets', () => {
  test.each([
    '/..%2f..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets\\..\\secret.txt',
    '//evil.example',
    '/api//config',
    '/%00',
    '/api/config%0d%0aset-cookie:x',
    '/%252e%252e%252fsecret.txt',
    '/api/%252f',
    '/%ff',
    'http://evil.example/',
  ])('%s answers 400', async url => {
    const answer = await rawGet(url);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*"error"/s);
  });

  test('an attribute name in the address of its values may hold anything', async () => {
    const { statusCode, body } = await call('/tempo/api/v2/search/tag/span.app.kubernetes.io%2Fname/values');
    expect([statusCode, JSON.parse(body)]).toEqual([200, { tag: 'span.app.kubernetes.io/name' }]);
  });

  test.each(['evil.example', 'evil.example:7318', '127.0.0.1.nip.io'])('Host %j answers 421', async host => {
    expect((await app.inject({ url: '/api/config', headers: { host } })).statusCode).toBe(421);
  });
  test('two Hosts answer 400, whichever they are', async () => {
    expect(await rawGet('/api/config', 'Host: localhost\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await rawGet('/api/config')).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:99', 'localhost.'])('Host %j is this machine', async host => {
    expect((await app.inject({ url: '/api/config', headers: { host } })).statusCode).toBe(200);
  });
});

describe('changes from other sites', () => {
  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:9999' },
    { origin: 'null' },
  ])('%j is refused', async headers => {
    for (const method of ['POST', 'DELETE'] as const) {
      expect((await call('/api/sample', { method, headers: headers as Record<string, string> })).statusCode).toBe(403);
    }
    expect(store.ingested).toEqual([]);
  });

  test('a form cannot bring a body', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await call('/api/sample', { method: 'POST', headers, payload: 'a=1' })).statusCode).toBe(415);
  });

  test('our own page may', async () => {
    const headers = { origin: 'http://127.0.0.1:7318', 'sec-fetch-site': 'same-origin' };
    expect((await call('/api/sample', { method: 'POST', headers })).statusCode).toBe(200);
  });
});

describe('reading from other sites', () => {
  const origin = 'https://files.example.com';
  const allowed = async (url: string, from: string) =>
    (await call(url, { headers: { origin: from } })).headers['access-control-allow-origin'];

  test('only the pages that are named may read traces, and nothing else', async () => {
    expect(await allowed('/tempo/api/echo', origin)).toBeUndefined();
    await start({ readOrigins: [origin] });
    expect(await allowed('/tempo/api/echo', origin)).toBe(origin);
    expect(await allowed('/tempo/api/echo', 'https://evil.example')).toBeUndefined();
    expect(await allowed('/tempo/api/echo', 'null')).toBeUndefined();
    for (const url of ['/', '/api/config', '/api/status', '/metrics'])
      expect(await allowed(url, origin)).toBeUndefined();
    const { headers } = await call('/tempo/api/echo');
    expect(headers.vary).toContain('Origin');
    expect((await call('/api/sample', { method: 'POST', headers: { origin } })).statusCode).toBe(403);
  });
});

describe('own API', () => {
  test('config and status', async () => {
    expect((await call('/api/config')).json()).toEqual(config);
    const status = await call('/api/status');
    expect([status.json(), status.headers['cache-control']]).toEqual([
      expect.objectContaining({ state: 'ready' }),
      'no-store',
    ]);
  });

  test('the sample is loaded once so that it ends now, and removed', async () => {
    const before = BigInt(Date.now()) * 1_000_000n;
    const answers = await Promise.all([
      call('/api/sample', { method: 'POST' }),
      call('/api/sample', { method: 'POST' }),
    ]);
    expect(answers.map(answer => answer.json().sample)).toEqual([{ spans: 1 }, { spans: 1 }]);
    expect(store.ingested).toHaveLength(1);
    const [{ body, encoding, options }] = store.ingested;
    expect([[...body], encoding, options?.sample]).toEqual([[0x0a, 0x00], 'protobuf', true]);
    expect(options?.shiftToEndAtUnixNano).toBeGreaterThanOrEqual(before);
    expect((await call('/api/sample', { method: 'DELETE' })).json().sample).toBeUndefined();
  });

  test('traces that the page read from files are stored, and what the store says is passed on', async () => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const add = (payload: string | Buffer, more: Record<string, string> = {}) =>
      call('/api/traces', { method: 'POST', headers: { ...headers, ...more }, payload });
    const stored = await add(Buffer.of(0x0a, 0x00));
    expect(stored.json()).toMatchObject({ rejected: 0 });
    expect(store.ingested.map(({ body, encoding, options }) => [[...body], encoding, options?.sample])).toEqual([
      [[0x0a, 0x00], 'protobuf', undefined],
    ]);
    store.answers.push({ kind: 'unavailable', message: 'the disk is full', retryAfterS: 3 });
    const full = await add(Buffer.of(0x0a, 0x00));
    expect([full.statusCode, full.headers['retry-after'], full.json().error]).toEqual([
      503,
      '3',
      expect.stringContaining('the disk is full'),
    ]);
    store.answers.push({ kind: 'invalid', message: 'not OTLP' });
    expect((await add(Buffer.of(1))).json().error).toContain('not OTLP');
    expect((await add('{}', { 'content-type': 'application/json' })).statusCode).toBe(415);
    expect((await add(Buffer.of(0x0a, 0x00), { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  });

  test('a store that is full or a package without sample says so', async () => {
    store.answers.push({ kind: 'unavailable', message: 'the disk is full', retryAfterS: 3 });
    const full = await call('/api/sample', { method: 'POST' });
    expect([full.statusCode, full.headers['retry-after'], full.json().error]).toEqual([
      503,
      '3',
      expect.stringContaining('the disk is full'),
    ]);
    store = fakeStore();
    await start({ packageRoot: join(root, 'none') });
    expect((await call('/api/sample', { method: 'POST' })).statusCode).toBe(404);
  });

  test('counts go to the store with their range in nanoseconds', async () => {
    const asked: unknown[] = [];
    const query = async (request: unknown) => {
      asked.push(request);
      return { ok: true, value: { traces: 2, spans: 5 } } as never;
    };
    store = fakeStore({ query });
    await start();
    const counted = await call('/api/search/count?q=%7Bstatus%3Derror%7D&start=1763632800&end=1763632801');
    expect([counted.statusCode, counted.json()]).toEqual([200, { traces: 2, spans: 5 }]);
    expect(asked).toEqual([
      {
        kind: 'count',
        args: { q: '{status=error}', startNs: 1_763_632_800_000_000_000n, endNs: 1_763_632_801_000_000_000n },
      },
    ]);
    for (const bad of ['start=1', 'start=x&end=2', 'start=2&end=1', 'start=1&end=1e3', 'q=a&q=b']) {
      expect((await call(`/api/search/count?${bad}`)).statusCode).toBe(400);
    }
    expect(asked).toHaveLength(1);
  });

  test('a query that is refused is 400 with the reason', async () => {
    store = fakeStore({ query: async () => ({ ok: false, message: 'unsupported: metrics' }) as never });
    await start();
    const refused = await call('/api/search/count?q=%7B%7D');
    expect([refused.statusCode, refused.json()]).toEqual([400, { error: 'unsupported: metrics' }]);
  });

  test('a query that ran out of time is 504; a fault is 500 without its details', async () => {
    expect((await call('/tempo/api/slow')).statusCode).toBe(504);
    const broken = await call('/tempo/api/broken');
    expect([broken.statusCode, broken.body.includes('secret detail')]).toEqual([500, false]);
    expect(JSON.stringify(events)).toContain('secret detail');
  });
});

describe('operators', () => {
  test.each(['GET', 'HEAD'] as const)('health by %s', async method => {
    expect((await call('/-/healthy', { method })).statusCode).toBe(200);
    expect((await call('/-/ready', { method })).statusCode).toBe(200);
  });

  test('not ready while the store does not answer or while shutting down; healthy all the same', async () => {
    store = fakeStore({ ready: async () => ({ ok: false, reason: 'replaying the log' }) });
    await start();
    const { statusCode, body } = await call('/-/ready');
    expect([statusCode, body]).toEqual([503, 'not ready: replaying the log\n']);
    store = fakeStore();
    await start({ isDraining: () => true });
    expect((await call('/-/ready')).statusCode).toBe(503);
    expect((await call('/-/healthy')).statusCode).toBe(200);
  });

  test('metrics in Prometheus text', async () => {
    const { headers, body } = await call('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toContain('\nthroughline_spans_received_total 12\n');
    expect(body).toContain('throughline_spans_rejected_total{reason="trace_id"} 2\n');
    expect(body).toContain(
      'throughline_commit_seconds_bucket{le="0.1"} 4\nthroughline_commit_seconds_bucket{le="+Inf"} 5\n',
    );
    for (const line of body.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [\d.e+-]+)$/);
  });

  test('the access log holds no query strings and no files', async () => {
    await call('/tempo/api/echo?q=secret');
    await call('/assets/main-abc123.js');
    await call('/-/healthy');
    expect(requests).toMatchObject([{ method: 'GET', status: 200 }]);
  });
});

describe('reports of blocked content', () => {
  const report = (body: unknown, type = 'application/csp-report') =>
    call('/api/csp-report', { method: 'POST', headers: { 'content-type': type }, payload: JSON.stringify(body) });

  test('become one log line without query strings', async () => {
    const body = {
      'csp-report': {
        'effective-directive': 'script-src',
        'blocked-uri': 'http://x/y?token=1',
        'source-file': 'http://z/?q=2',
      },
    };
    expect((await report(body)).statusCode).toBe(204);
    expect(events).toEqual([
      {
        name: 'csp-violation',
        fields: { directive: 'script-src', blocked: 'http://x/y', source: 'http://z/', line: '' },
      },
    ]);
    expect((await report('nonsense', 'application/json')).statusCode).toBe(204);
    expect((await report(body, 'text/plain')).statusCode).toBe(415);
  });

  test('are few', async () => {
    const codes = [];
    for (let i = 0; i < 50; i++) codes.push((await report({})).statusCode);
    expect(codes.filter(code => code === 204).length).toBeLessThanOrEqual(40);
    expect(codes).toContain(429);
  });
});

test('the longest query that there is fits into an address', async () => {
  const q = `{ name = "${'"'.repeat(128 * 1024 - 16)}" }`;
  expect(await rawGet(`/tempo/api/echo?q=${encodeURIComponent(q)}`)).toMatch(/^HTTP\/1.1 200 [\s\S]*echo$/);
});

/** Sends the request target as it stands; `inject` would tidy it up. */
async function rawGet(target: string, more = ''): Promise<string> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('latin1').on('data', chunk => {
      text += chunk;
    });
    socket.on('close', () => resolve(text)).on('error', reject);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n${more}Connection: close\r\n\r\n`);
  });
}
