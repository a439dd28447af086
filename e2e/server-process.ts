import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  readonly uiUrl: string;
  readonly otlpUrl: string;
  readonly otlpGrpcUrl: string;
  readonly pid: number;
  /** Ends it as an operator does: SIGTERM, everything written and closed. Rejects if it does not exit with 0. */
  stop(): Promise<void>;
  /** Ends it as a power cut does: SIGKILL. */
  kill(): Promise<void>;
}

export interface ServerStart {
  readonly dataDir: string;
  /** Of a server that ran before, to come back under the same address. */
  readonly like?: ServerProcess;
  readonly flags?: readonly string[];
  /** A folder in which Node keeps what it compiled, for who starts many. */
  readonly codeCache?: string;
}

const START_DEADLINE_MS = 60_000;

/** Starts the server from source on free ports of 127.0.0.1 and waits until it listens. */
export async function startServer(start: ServerStart): Promise<ServerProcess> {
  const port = (url: string | undefined) => (url === undefined ? '0' : new URL(url).port);
  const main = fileURLToPath(new URL('../src/server/main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      main,
      ...['--host', '127.0.0.1', '--data-dir', start.dataDir, '--log-format', 'json'],
      ...['--port', port(start.like?.uiUrl), '--otlp-http-port', port(start.like?.otlpUrl)],
      ...['--otlp-grpc-port', '0'],
      ...(start.flags ?? []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(start.codeCache !== undefined && { NODE_COMPILE_CACHE: start.codeCache }) },
    },
  );
  const output: string[] = [];
  createInterface({ input: child.stderr }).on('line', line => output.push(line));
  const exit = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), START_DEADLINE_MS);
  const listening = await Promise.race([
    listeningLine(child, output),
    exit.then(([code, signal]) => {
      throw new Error(`the server ended (${code ?? signal}) before it listened:\n${output.join('\n')}`);
    }),
  ]);
  clearTimeout(timer);
  return {
    uiUrl: listening.ui,
    otlpUrl: listening.otlpHttp,
    otlpGrpcUrl: `http://${new URL(listening.otlpGrpc).host}`,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      const [code, signal] = await exit;
      if (code !== 0) throw new Error(`the server ended with ${code ?? signal}:\n${output.join('\n')}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function listeningLine(
  child: ChildProcess,
  output: string[],
): Promise<{ ui: string; otlpHttp: string; otlpGrpc: string }> {
  return new Promise(resolve => {
    createInterface({ input: child.stdout! }).on('line', line => {
      output.push(line);
      const event = line.startsWith('{') ? JSON.parse(line) : {};
      if (event.event === 'listening') resolve(event);
    });
  });
}
