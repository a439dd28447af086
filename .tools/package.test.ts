import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { npm, root } from './project.mjs';

// What `npm pack` makes is what people run: installed into an empty folder, started by its command, used over HTTP.

const MINUTES = 60_000;
let folder: string;
let installed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-package-'));
  installed = join(folder, 'empty');
  mkdirSync(installed);
  await npmOk(['pack', '--silent', '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find(name => name.endsWith('.tgz'));
  // The only dependency is DuckDB's binding, which the cache has since this repository was installed.
  await npmOk(
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `../${tarball}`],
    installed,
  );
}, 5 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball holds the built program and nothing else', () => {
  const files = readdirSync(join(installed, 'node_modules', 'throughline'), { recursive: true, encoding: 'utf8' });
  expect(files).toEqual(
    expect.arrayContaining(['dist/ui/index.html', 'dist/server/main.js', 'dist/server/store-worker.js', 'LICENSE']),
  );
  // Whoever embeds panels gets the types of the element.
  const isSource = (file: string) => /^(src|e2e|\.)|\.(ts|tsx|map)$/.test(file) && file !== 'dist/ui/embed.d.ts';
  expect(files.filter(isSource)).toEqual([]);
  // detect-libc comes with DuckDB's binding.
  const packages = readdirSync(join(installed, 'node_modules')).filter(name => !name.startsWith('.'));
  expect(packages.sort()).toEqual(['@duckdb', 'detect-libc', 'throughline']);
});

test(
  'its command serves the user interface, takes a span and returns it',
  async () => {
    const command = join(installed, 'node_modules', '.bin', 'throughline');
    const child = spawn(
      command,
      ['--port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0', '--log-format', 'json'],
      { cwd: installed },
    );
    try {
      const { ui, otlpHttp } = await addressesOf(child);
      const page = await fetch(`${ui}/`, { headers: { accept: 'text/html' } });
      const html = await page.text();
      expect([page.status, html]).toEqual([200, expect.stringContaining('<title>Throughline</title>')]);
      const script = /<script[^>]+src="([^"]+)"/.exec(html)?.[1] ?? 'no script';
      expect((await fetch(new URL(script, ui))).headers.get('content-type')).toMatch(/javascript/);

      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const nowNs = BigInt(Date.now()) * 1_000_000n;
      const span = {
        traceId,
        spanId: 'b7ad6b7169203331',
        name: 'packed',
        kind: 2,
        startTimeUnixNano: `${nowNs}`,
        endTimeUnixNano: `${nowNs + 5n}`,
      };
      const sent = await fetch(`${otlpHttp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
      });
      expect([sent.status, await sent.text()]).toEqual([200, '{}']);
      const read = await fetch(`${ui}/tempo/api/v2/traces/${traceId}`);
      expect([read.status, await read.text()]).toEqual([200, expect.stringContaining('"packed"')]);
    } finally {
      const ended = new Promise(resolve => child.on('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  },
  2 * MINUTES,
);

async function npmOk(args: string[], cwd: string): Promise<void> {
  const { code, text } = await npm(args, { cwd, output: 'collect' });
  expect(code, `npm ${args[0]}:\n${text}`).toBe(0);
}

function addressesOf(child: ReturnType<typeof spawn>): Promise<{ ui: string; otlpHttp: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const collect = (chunk: Buffer) => {
      text += chunk;
      const line = text.split('\n').find(candidate => candidate.startsWith('{"event":"listening"'));
      if (line !== undefined) resolve(JSON.parse(line) as { ui: string; otlpHttp: string });
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('exit', code => reject(new Error(`ended with ${code}:\n${text}`)));
  });
}
