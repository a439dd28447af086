import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { jsonRequest, spanJson } from './otlp/testing/requests.ts';
import { runToEnd, type ServerProcess, startProcess } from './testing/start-process.ts';

let folder: string;
let running: ServerProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-main-'));
});
afterEach(async () => {
  await Promise.all(running.map(({ child, end }) => (child.exitCode === null ? end('SIGKILL') : undefined)));
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

const free = ['--port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0'];

async function start(flags: readonly string[] = [], env: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startProcess({ flags: [...free, ...flags], env, cwd: folder });
  running.push(server);
  return server;
}

function traceIdOf(n: number): string {
  return `${'ab'.repeat(12)}${n.toString(16).padStart(8, '0')}`;
}

async function send(server: ServerProcess, traceId: string, spanId = 'aaaaaaaaaaaaaaa1'): Promise<number> {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  const times = { startTimeUnixNano: String(nowNs - 5_000_000n), endTimeUnixNano: String(nowNs) };
  const { status } = await fetch(`${server.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(jsonRequest([spanJson({ traceId, spanId, ...times })])),
  });
  return status;
}

async function spanIdsOf(server: ServerProcess, traceId: string): Promise<string[]> {
  const answer = await fetch(`${server.ui}/tempo/api/traces/${traceId}`, {
    headers: { accept: 'application/protobuf' },
  });
  if (answer.status === 404) return [];
  expect(answer.status).toBe(200);
  const { resourceSpans } = JSON.parse(protoToOtlpJson(new Uint8Array(await answer.arrayBuffer()))) as {
    resourceSpans: { scopeSpans: { spans: { spanId: string }[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(({ spanId }) => spanId)),
  );
}

test('everything runs on Node 24', () => {
  expect(process.version).toMatch(/^v24\./);
});

describe('life', () => {
  test('starts on free ports, takes a span, returns it, ends on SIGTERM with 0 and starts again', async () => {
    const first = await start();
    expect(first.ui).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await send(first, traceIdOf(1))).toBe(200);
    expect(await spanIdsOf(first, traceIdOf(1))).toEqual(['aaaaaaaaaaaaaaa1']);
    expect(await (await fetch(`${first.ui}/api/config`)).json()).toMatchObject({
      otlpHttp: first.otlpHttp,
      otlpGrpc: first.otlpGrpc,
      sources: [{ id: 'local', embedded: true }],
    });
    expect((await fetch(`${first.ui}/-/ready`)).status).toBe(200);
    expect(statSync(join(folder, '.throughline')).mode & 0o777).toBe(0o700);

    const { code, stderr, stdout } = await first.end('SIGTERM');
    expect([code, stderr]).toEqual([0, '']);
    for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
    const second = await start();
    expect(await spanIdsOf(second, traceIdOf(1))).toEqual(['aaaaaaaaaaaaaaa1']);
  });

  test.skipIf(process.platform === 'win32')(
    'while the log is read, health and pages answer, spans are put off',
    async () => {
      mkdirSync(join(folder, 'data'));
      // Whoever opens it waits for a writer, who never comes: a log without an end.
      execFileSync('mkfifo', [join(folder, 'data', 'throughline.duckdb.wal')]);
      const server = await startProcess({ flags: [...free, '--data-dir', 'data'], cwd: folder, until: 'opening' });
      running.push(server);
      expect((await fetch(`${server.ui}/-/healthy`)).status).toBe(200);
      const ready = await fetch(`${server.ui}/-/ready`);
      expect([ready.status, await ready.text()]).toEqual([503, 'not ready: the store is opening: replaying the log\n']);
      expect((await fetch(`${server.ui}/api/config`)).status).toBe(200);
      for (const path of ['/api/status', '/tempo/api/search?q={}']) {
        const answer = await fetch(`${server.ui}${path}`);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
        expect(await answer.text()).toContain('the store is starting: try again in a moment');
      }
      const put = await fetch(`${server.otlpHttp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      expect([put.status, put.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await put.json()).toEqual({ code: 14, message: 'the store is opening: replaying the log' });
    },
  );

  test('a repeated Ctrl+C is one shutdown', async () => {
    const server = await start();
    server.child.kill('SIGINT');
    server.child.kill('SIGINT');
    expect(await server.end('SIGINT')).toMatchObject({ code: 0, stderr: '' });
  });

  test('row 87: what was acknowledged survives kill -9', async () => {
    const server = await start();
    const acknowledged: string[] = [];
    const senders = Array.from({ length: 4 }, async (_, sender) => {
      for (let i = 0; i < 25; i++) {
        const traceId = traceIdOf(sender * 100 + i + 1);
        if ((await send(server, traceId)) === 200) acknowledged.push(traceId);
      }
    });
    await Promise.all(senders);
    await server.end('SIGKILL');
    expect(acknowledged).toHaveLength(100);
    const again = await start();
    for (const traceId of acknowledged) expect(await spanIdsOf(again, traceId)).toHaveLength(1);
  });

  test('row 91: a request under SIGTERM is durable if it was answered with 200', async () => {
    const server = await start();
    const sent = Array.from({ length: 50 }, async (_, i) => {
      const status = await send(server, traceIdOf(i + 1)).catch(() => undefined);
      return [traceIdOf(i + 1), status] as const;
    });
    const ended = server.end('SIGTERM');
    const outcomes = await Promise.all(sent);
    expect((await ended).code).toBe(0);
    expect(outcomes.every(([, status]) => status === undefined || status === 200 || status === 503)).toBe(true);
    const again = await start();
    for (const [traceId, status] of outcomes) {
      if (status === 200) expect(await spanIdsOf(again, traceId)).toHaveLength(1);
    }
  });

  test('under load SIGTERM ends it within 10 s: log checkpointed, nothing lost that was answered', async () => {
    const server = await start();
    const acknowledged: string[] = [];
    let isOver = false;
    let next = 0;
    let warm = () => {};
    const warmed = new Promise<void>(resolve => {
      warm = resolve;
    });
    const senders = Array.from({ length: 6 }, async () => {
      while (!isOver) {
        const traceId = traceIdOf(++next);
        const status = await send(server, traceId).catch(() => undefined);
        if (status === undefined) isOver = true;
        if (status === 200 && acknowledged.push(traceId) === 60) warm();
      }
    });
    await warmed;
    const began = performance.now();
    const ended = await server.end('SIGTERM');
    expect(performance.now() - began).toBeLessThan(10_000);
    await Promise.all(senders);
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('"event":"stopping"');
    expect(readdirSync(join(folder, '.throughline')).sort()).toEqual(['throughline.duckdb']);
    const again = await start();
    for (const traceId of acknowledged) expect(await spanIdsOf(again, traceId)).toHaveLength(1);
  });

  test('a backup of a running server is a store that holds all that was answered before', async () => {
    const server = await start();
    for (let i = 1; i <= 20; i++) expect(await send(server, traceIdOf(i))).toBe(200);
    const file = join(folder, 'copy.duckdb');
    const made = await runToEnd({ flags: ['backup', file], cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(readdirSync(join(folder, '.throughline', 'backup'))).toEqual([]);
    expect(await send(server, traceIdOf(21))).toBe(200);
    expect(await runToEnd({ flags: ['backup', file], cwd: folder })).toMatchObject({ code: 2 });

    mkdirSync(join(folder, 'restored'));
    renameSync(file, join(folder, 'restored', 'throughline.duckdb'));
    const verified = await runToEnd({ flags: ['verify', '--data-dir', 'restored'], cwd: folder });
    expect([verified.code, verified.stdout]).toEqual([0, '20 spans in 1 segment, 0 problems\n']);
    const restored = await start(['--data-dir', 'restored']);
    for (let i = 1; i <= 20; i++) expect(await spanIdsOf(restored, traceIdOf(i))).toHaveLength(1);
    expect(await spanIdsOf(restored, traceIdOf(21))).toEqual([]);
    expect(await send(restored, traceIdOf(22))).toBe(200);
  });

  test('the text format names the addresses for a person', async () => {
    const server = await startProcess({
      flags: [...free],
      env: { THROUGHLINE_DATA_DIR: join(folder, 'elsewhere') },
      cwd: folder,
    });
    running.push(server);
    await server.end('SIGTERM');
    expect(statSync(join(folder, 'elsewhere')).isDirectory()).toBe(true);
  });
});

test('selfcheck: all right on a server, missing where nothing was sent, a line where there is none', async () => {
  const [first, second] = [await start(['--data-dir', 'a']), await start(['--data-dir', 'b'])];
  const check = (...flags: readonly string[]) => runToEnd({ flags: ['selfcheck', ...flags], cwd: folder });
  const good = await check(first.ui);
  expect([good.code, good.stderr]).toEqual([0, '']);
  expect(good.stdout).toMatch(/write +right.*\nread by id +right.*\nsearch +right.*\nmetrics +right/);
  const lost = await check('--otlp', first.otlpHttp, '--tempo', `${second.ui}/tempo`, '--wait-s', '0');
  expect([lost.code, lost.stdout]).toEqual([1, expect.stringMatching(/read by id +missing/)]);
  expect(await check(first.otlpHttp)).toMatchObject({ code: 2, stderr: expect.stringContaining('--tempo') });
  expect(await check()).toMatchObject({ code: 2, stderr: expect.stringContaining('address') });
});

describe('refusals are one line and exit code 2', () => {
  async function refused(flags: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await runToEnd({ flags, env, cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^throughline: [^\n]+\n$/);
    return stderr;
  }

  test('a bad flag, variable, file or address', async () => {
    expect(await refused(['--prot', '1'])).toMatch(/--prot.*--help/);
    expect(await refused([], { THROUGHLINE_PORT: 'x' })).toContain('THROUGHLINE_PORT');
    expect(await refused(['--host', '0.0.0.0'])).toContain('--insecure');
    writeFileSync(join(folder, 'throughline.config.json'), '{"sources": 5}');
    expect(await refused([])).toContain('sources');
  });

  test('a port in use', async () => {
    const blocker = createServer();
    const port = await new Promise<number>(resolve => {
      blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port));
    });
    expect(await refused([...free, '--port', String(port)])).toMatch(new RegExp(`port ${port} .*in use.*--port`));
    expect(await refused([...free, '--otlp-http-port', String(port)])).toMatch(/in use.*--otlp-http-port/);
    expect(await refused([...free, '--otlp-grpc-port', String(port)])).toMatch(/in use.*--otlp-grpc-port/);
    blocker.close();
  });

  test('a data directory that another server holds', async () => {
    const server = await start(['--data-dir', 'data']);
    const line = await refused([...free, '--data-dir', 'data']);
    expect(line).toContain(join(folder, 'data'));
    expect(line).toContain(String(server.child.pid));
    // The one that holds it goes on, and is followed by another once it is dead.
    expect(await send(server, traceIdOf(1))).toBe(200);
    await server.end('SIGKILL');
    const next = await start(['--data-dir', 'data']);
    expect(await spanIdsOf(next, traceIdOf(1))).toEqual(['aaaaaaaaaaaaaaa1']);
  });

  test('a data directory that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await refused([...free, '--data-dir', 'file'])).toContain(join(folder, 'file'));
    expect(await refused([...free, '--data-dir', 'file/below'])).toContain(join(folder, 'file'));
    // Root may write anywhere; everyone else is stopped by the mode.
    if (process.getuid?.() === 0) return;
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o500);
    expect(await refused([...free, '--data-dir', 'closed'])).toContain(join(folder, 'closed'));
  });
});

test('--help and --version', async () => {
  const help = await runToEnd({ flags: ['--help'], cwd: folder });
  expect([help.code, help.stdout]).toEqual([0, expect.stringContaining('--otlp-http-port')]);
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect((await runToEnd({ flags: ['--version'], cwd: folder })).stdout).toBe(`${version}\n`);
});
