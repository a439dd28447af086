import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestServer, test } from './fixtures.ts';

/** A Tempo beside the server, called prod-eu (`src=prod`). */
export interface Upstream {
  readonly config: string;
  /** What it answers for every trace; undefined: it has none. */
  body: Buffer | undefined;
  /** Stops listening. */
  leave(): Promise<void>;
}

/** Tests whose server also reads from another Tempo. */
export const withUpstream = test.extend<{ upstream: Upstream }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  upstream: async ({}, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'throughline-upstream-'));
    const config = join(dir, 'throughline.config.json');
    const tempo = createServer((request, response) => {
      const isTrace = request.url?.includes('/traces/') === true;
      if (isTrace && upstream.body === undefined) response.writeHead(404).end('trace not found');
      else if (isTrace) response.writeHead(200, { 'content-type': 'application/protobuf' }).end(upstream.body);
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    tempo.listen(0, '127.0.0.1');
    await once(tempo, 'listening');
    const upstream: Upstream = {
      config,
      body: undefined,
      async leave() {
        tempo.closeAllConnections();
        if (tempo.listening) await new Promise(resolve => tempo.close(resolve));
      },
    };
    const url = `http://127.0.0.1:${(tempo.address() as AddressInfo).port}`;
    writeFileSync(config, JSON.stringify({ sources: [{ id: 'prod', name: 'prod-eu', kind: 'tempo', url }] }));
    await use(upstream);
    await upstream.leave();
    rmSync(dir, { recursive: true });
  },
  serverFlags: async ({ upstream }, use) => use(['--config', upstream.config]),
});

/** A trace of the embedded store as a Tempo hands it out. */
export async function storedTrace(server: TestServer, traceId: string): Promise<Buffer> {
  const headers = { accept: 'application/protobuf' };
  const response = await fetch(`${server.url}/tempo/api/v2/traces/${traceId}`, { headers });
  return Buffer.from(await response.arrayBuffer());
}
