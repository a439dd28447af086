import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Addresses {
  readonly ui: string;
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
}

export interface ServerProcess extends Addresses {
  readonly child: ChildProcess;
  /** Sends a signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<ProcessEnd>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessStart {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: this repository's src/server/main.ts. */
  readonly script?: string;
  /** The line to wait for: `opening` comes before the database is open. Default `listening`. */
  readonly until?: 'opening' | 'listening';
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Runs the command line to its end. */
export async function runToEnd(start: ProcessStart): Promise<ProcessEnd> {
  return launch(start).ended;
}

/** Starts the server in a process of its own with JSON logs, and waits until it tells its addresses. Rejects if it ends before. */
export async function startProcess({
  flags = [],
  until = 'listening',
  ...start
}: ProcessStart): Promise<ServerProcess> {
  const { child, ended, output } = launch({ ...start, flags: ['--log-format', 'json', ...flags] });
  const addresses = await new Promise<Addresses>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const line = output.stdout.split('\n').find(text => text.startsWith(`{"event":"${until}"`));
      if (line !== undefined) resolve(JSON.parse(line) as Addresses);
    });
    void ended.then(({ code, stdout, stderr }) =>
      reject(new Error(`ended with ${code} before it listened:\n${stdout}${stderr}`)),
    );
  });
  return {
    child,
    ...addresses,
    end: signal => {
      child.kill(signal);
      return ended;
    },
  };
}

function launch({ flags = [], env = {}, cwd, script = main }: ProcessStart) {
  const child = spawn(process.execPath, [script, ...flags], {
    env: { PATH: '', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code]): ProcessEnd => ({ code: code as number | null, ...output }));
  return { child, ended, output };
}
