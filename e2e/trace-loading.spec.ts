import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { jsonTrace, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';
import { test as base, expect, idle, openTrace, spanRows } from './fixtures.ts';

/** A Tempo that hands out the first half of a trace and then waits. */
interface SlowTempo {
  readonly config: string;
  /** The trace it will answer with. */
  body: Buffer;
  /** Resolves with the answer to the first question about a trace, once half of it is out. */
  readonly asked: Promise<ServerResponse>;
}

const test = base.extend<{ tempo: SlowTempo }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  tempo: async ({}, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'throughline-tempo-'));
    const config = join(dir, 'throughline.config.json');
    const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>();
    const tempo: SlowTempo = { config, body: Buffer.alloc(0), asked };
    const upstream = createServer((request, response) => {
      if (!request.url?.includes('/traces/')) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      response.writeHead(200, { 'content-type': 'application/protobuf', 'content-length': tempo.body.length });
      response.write(tempo.body.subarray(0, Math.floor(tempo.body.length / 2)), () => resolve(response));
    });
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    writeFileSync(config, JSON.stringify({ sources: [{ id: 'slow', kind: 'tempo', url }] }));
    await use(tempo);
    upstream.closeAllConnections();
    upstream.close();
    rmSync(dir, { recursive: true });
  },
  serverFlags: async ({ tempo }, use) => use(['--config', tempo.config]),
});

const SPANS = 3_000;
const ID = traceIdOf('large');

async function openHalf(page: Page, server: { url: string; send(body: object): Promise<void> }, tempo: SlowTempo) {
  const spans = Array.from({ length: SPANS }, (_, i) => ({
    id: `span ${i}`,
    service: `service ${i % 10}`,
    ...(i > 0 && { parent: 'span 0' }),
    at: i,
    ms: i === 0 ? SPANS : 1,
  }));
  await server.send(jsonTrace('large', Date.now() - 60_000, spans));
  const stored = await fetch(`${server.url}/tempo/api/v2/traces/${ID}`, {
    headers: { accept: 'application/protobuf' },
  });
  tempo.body = Buffer.from(await stored.arrayBuffer());
  await page.goto(`${server.url}/trace/${ID}?src=slow`);
  const response = await tempo.asked;
  const progress = page.getByRole('status').filter({ hasText: 'Reading the trace' });
  await expect(progress).toHaveText(/\d\skB/);
  await expect(progress).toHaveText(/[1-9][\d,]* spans/);
  return response;
}

test('what has arrived is told in bytes and spans, and the rest shows the trace', async ({ page, server, tempo }) => {
  const response = await openHalf(page, server, tempo);
  response.end(tempo.body.subarray(Math.floor(tempo.body.length / 2)));
  await expect(page.getByRole('main')).toContainText('3,000 spans');
  await idle(page);
});

test('Cancel ends the reading, down to the source', async ({ page, server, tempo }) => {
  const response = await openHalf(page, server, tempo);
  const closed = once(response, 'close');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await closed;
  await expect(page).toHaveURL(/\/\?/);
  await expect(page.getByRole('main')).not.toContainText('Reading the trace');
});

test('a trace that is still arriving grows under the reader', async ({ page, server }) => {
  const startMs = Date.now() - 2_000;
  const steps = Array.from({ length: 80 }, (_, i) => [
    { id: `step ${i}`, parent: 'root', name: `step ${i}`, at: 10 * i + 5, ms: 9 },
    { id: `query ${i}`, parent: `step ${i}`, name: `query ${i}`, at: 10 * i + 6, ms: 2 },
  ]).flat();
  const label = 'young';
  await server.send(jsonTrace(label, startMs, [{ id: 'root', ms: 1_000 }, ...steps]));
  await openTrace(page, server, traceIdOf(label));
  await expect(page.locator('.tr-head')).toContainText(/updated \d+\u00a0s ago/);
  const row = (id: string) => spanRows(page, spanIdOf(id));
  await row('step 3').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('End');
  await page.keyboard.press('PageUp');
  await row('step 70').click();
  await page.keyboard.press('z');
  await expect(page).toHaveURL(/[?&]t=/);
  const tree = page.getByRole('treegrid');
  await expect(tree).toHaveAttribute('aria-rowcount', '160');
  const before = await row('step 70').boundingBox();
  const window = new URL(page.url()).searchParams.get('t');

  // Earlier than all: rows and the zero of the axis move.
  const early = Array.from({ length: 10 }, (_, i) => ({ id: `early ${i}`, parent: 'root', at: i, ms: 5 }));
  await server.send(jsonTrace(label, startMs, [{ id: 'before', at: -500, ms: 400 }, ...early]));
  await expect(tree).toHaveAttribute('aria-rowcount', '171', { timeout: 30_000 });
  await idle(page);
  await expect(row('step 70')).toHaveAttribute('aria-selected', 'true');
  await expect(row('step 70')).toBeFocused();
  expect((await row('step 70').boundingBox())?.y, 'it stays where it was on screen').toBe(before?.y);
  expect(new URL(page.url()).searchParams.get('t')).toBe(window);
  await page.keyboard.press('Home');
  await expect(row('step 3')).toHaveAttribute('aria-expanded', 'false');
});
