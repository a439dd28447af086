#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { helpText } from '#server/config/help.ts';
import { nodeFault } from '#server/config/node-fault.ts';
import { packageInfo } from '#server/config/package-root.ts';
import { readCommand } from '#server/config/read-command.ts';
import { createLog } from '#server/http/log.ts';
import { startServer } from './start-server.ts';

// Spans hold personal data: what this process writes is for its user only.
process.umask(0o077);
// The store's statements and the unpacking of requests share these threads: with the usual 4, long queries would hold up ingest.
process.env.UV_THREADPOOL_SIZE ??= '8';
// Whoever read our output may go away; the server stays.
process.stdout.on('error', () => undefined);

const readFile = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};
const fault = nodeFault(process.versions.node);
const about = packageInfo();
const command = readCommand(process.argv.slice(2), { env: process.env, cwd: process.cwd(), readFile });
if (fault !== undefined) refuse(fault);
else if (!command.ok) refuse(command.error);
else if (command.value.kind === 'help') process.stdout.write(helpText());
else if (command.value.kind === 'version') process.stdout.write(`${about.version}\n`);
else if (command.value.kind === 'selfcheck') {
  const { selfcheckCommand } = await import('./selfcheck/selfcheck-command.ts');
  const done = await selfcheckCommand(command.value.options);
  if (!done.ok) refuse(done.error);
  else {
    process.stdout.write(done.value.text);
    process.exitCode = done.value.exitCode;
  }
} else if (command.value.kind !== 'serve') {
  // Loaded only here: a server keeps DuckDB out of its main thread.
  const { runOffline } = await import('./store/offline/run-offline.ts');
  const done = await runOffline(command.value);
  if (!done.ok) refuse(`${done.error.message}. Remedy: ${done.error.remedy}`);
  else {
    process.stdout.write(`${done.value.lines.join('\n')}\n`);
    process.exitCode = done.value.isSound ? 0 : 1;
  }
} else {
  const { options } = command.value;
  const log = createLog(options.logFormat, line => process.stdout.write(line));
  const started = await startServer(options, { log, packageInfo: about });
  if (!started.ok) refuse(`${started.error.message}. Remedy: ${started.error.remedy}`);
  else {
    const { uiUrl, otlpHttpUrl, otlpGrpcUrl, close } = started.value;
    // A terminal's Ctrl+C can arrive more than once (npm passes it on): one shutdown, however often it is asked for.
    // Before the addresses are out: whoever reads them may end us at once.
    const stop = () => void close().then(() => process.exit(0), fail);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    log.event('listening', { ui: uiUrl, otlpHttp: otlpHttpUrl, otlpGrpc: otlpGrpcUrl });
    log.say(
      `Throughline ${about.version}\n  read traces   ${uiUrl}\n  send traces   ${otlpHttpUrl}  (OTLP/HTTP)\n                ${otlpGrpcUrl}  (OTLP/gRPC)\n  kept in       ${options.dataDir}`,
    );
  }
}

/** What the person can put right: one line, exit code 2. */
function refuse(line: string): void {
  process.stderr.write(`throughline: ${line}\n`);
  process.exitCode = 2;
}

function fail(error: unknown): void {
  process.stderr.write(`throughline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
