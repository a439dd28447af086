import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServer } from './server-process.ts';

/** A third of a start is compiling. */
export const CODE_CACHE = fileURLToPath(new URL('../node_modules/.cache/server-code', import.meta.url));

/** A server with an empty store of its own. */
export interface FreshServer {
  readonly dataDir: string;
  readonly process: ServerProcess;
}

/**
 * Servers for tests: one each, or one for tests that only read the same. Loading the server's code takes longer than many a test, so the one that the next test will
 * want starts while a test runs, and that of the last one ends meanwhile.
 */
export class ServerPool {
  readonly #spares = new Map<string, Promise<FreshServer>>();
  readonly #asked = new Set<string>([keyOf([])]);
  readonly #ending: Promise<void>[] = [];
  #stocked: { readonly stock: object; readonly server: FreshServer } | undefined;

  /** A server started with these flags that no test has used. */
  async take(flags: readonly string[]): Promise<FreshServer> {
    const key = keyOf(flags);
    // A spare that did not come up is no fault of the test that gets it.
    const server = (await this.#spares.get(key)?.catch(() => undefined)) ?? (await start(flags));
    // Flags that name a port of one test come only once.
    if (this.#asked.has(key)) this.#spares.set(key, quietly(start(flags)));
    this.#asked.add(key);
    return server;
  }

  /** The server that holds a stock, filled when a test asks for it first; it stays until another stock is asked for. */
  async stocked(stock: object, fill: (server: ServerProcess) => Promise<void>): Promise<ServerProcess> {
    if (this.#stocked?.stock !== stock) {
      this.#endStocked();
      const server = await this.take([]);
      this.#stocked = { stock, server };
      await fill(server.process);
    }
    return this.#stocked!.server.process;
  }

  #endStocked(): void {
    if (this.#stocked !== undefined) this.giveBack(this.#stocked.server.dataDir, this.#stocked.server.process);
    this.#stocked = undefined;
  }

  /** Ends what a test leaves behind, `undefined` if it stopped the server itself; whether that went well, `close` tells. */
  giveBack(dataDir: string, process: ServerProcess | undefined): void {
    this.#ending.push(quietly(end(dataDir, process)));
  }

  /** Waits until all servers have ended. Rejects if one did not end as it should. */
  async close(): Promise<void> {
    this.#endStocked();
    for (const spare of this.#spares.values()) {
      const server = await spare.catch(() => undefined);
      if (server !== undefined) this.giveBack(server.dataDir, server.process);
    }
    await Promise.all(this.#ending);
  }
}

const keyOf = (flags: readonly string[]) => JSON.stringify(flags);

async function start(flags: readonly string[]): Promise<FreshServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-e2e-'));
  return { dataDir, process: await startServer({ dataDir, flags, codeCache: CODE_CACHE }) };
}

async function end(dataDir: string, process: ServerProcess | undefined): Promise<void> {
  await process?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** A failure is seen by whoever awaits the promise, later. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
