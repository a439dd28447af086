import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from '#domain/api/server-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { PackageInfo } from '#server/config/package-root.ts';
import type { ServerOptions } from '#server/config/server-options.ts';
import { allowedHostNames } from '#server/http/host-guard.ts';
import type { Log } from '#server/http/log.ts';
import { uiApp } from '#server/http/ui-app.ts';
import { otlpApp } from '#server/otlp/otlp-app.ts';
import { openStore, type Store } from '#server/store/store.ts';
import { registerTempoRoutes } from '#server/tempo/routes.ts';

export interface RunningServer {
  readonly uiUrl: string;
  readonly otlpHttpUrl: string;
  /** Stops accepting, lets requests finish (at most 4 s), commits, checkpoints. Once; later calls wait for the first. */
  close(): Promise<void>;
}

/** One line each. */
export interface StartError {
  readonly message: string;
  readonly remedy: string;
}

/** The store takes up to 5 s more: together within the 10 s that supervisors leave. */
const DRAIN_MS = 4_000;

/** Opens the store, then both ports. Whatever was opened is closed again when a later step fails. */
export async function startServer(
  options: ServerOptions,
  { log, packageInfo }: { readonly log: Log; readonly packageInfo: PackageInfo },
): Promise<Result<RunningServer, StartError>> {
  const opened = await openStore({
    dataDir: options.dataDir,
    retentionMs: options.retentionMs,
    maxBytes: options.maxBytes,
    baggageKeys: options.baggageKeys,
    minFreeDiskBytes: options.minFreeDiskBytes,
    onNotice: notice => log.event('notice', { message: notice }),
  });
  if (!opened.ok) return err({ message: opened.error.message, remedy: opened.error.remedy });
  const store = opened.value;

  let draining = false;
  let otlpHttp = '';
  const hosts = allowedHostNames(options.host, options.allowedHosts);
  const otlp = otlpApp({ store, log, hosts, corsOrigins: options.corsOrigins });
  const ui = await uiApp({
    store,
    log,
    hosts,
    sources: options.sources,
    frameAncestors: options.frameAncestors,
    config: () => serverConfig(options, packageInfo.version, otlpHttp),
    isDraining: () => draining,
    addTempoApi: scope => registerTempoRoutes(scope, store),
    packageRoot: packageInfo.root,
    uiDir: join(packageInfo.root, 'dist', 'ui'),
  });

  for (const [app, port, flag] of [
    [ui, options.port, '--port'],
    [otlp, options.otlpHttpPort, '--otlp-http-port'],
  ] as const) {
    const failed = await listen(app, options.host, port, flag);
    if (failed === undefined) continue;
    await Promise.all([ui.close(), otlp.close()]);
    await store.close();
    return err(failed);
  }
  const uiUrl = addressOf(ui, options.host);
  otlpHttp = addressOf(otlp, options.host);

  let closing: Promise<void> | undefined;
  const close = () => {
    draining = true;
    closing ??= drain([ui, otlp], store, log);
    return closing;
  };
  return ok({ uiUrl, otlpHttpUrl: otlpHttp, close });
}

function serverConfig(options: ServerOptions, version: string, otlpHttp: string): ServerConfig {
  return {
    version,
    sources: [
      { id: 'local', name: 'This server', kind: 'tempo', tempoPath: 'tempo', embedded: true },
      ...options.sources.map(({ id, name, kind }) => ({
        id,
        name,
        kind,
        tempoPath: `api/sources/${id}/tempo`,
        embedded: false,
      })),
    ],
    baggageKeys: options.baggageKeys,
    otlpHttp,
    retentionMs: options.retentionMs,
  };
}

async function listen(app: FastifyInstance, host: string, port: number, flag: string): Promise<StartError | undefined> {
  try {
    await app.listen({ host, port });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const where = `port ${port} on ${host}`;
    if (code === 'EADDRINUSE') {
      return {
        message: `${where} is in use`,
        remedy: `stop the program that uses it, or choose another: ${flag} 0 takes a free one`,
      };
    }
    if (code === 'EACCES')
      return { message: `${where} is not allowed for this user`, remedy: `choose one above 1023: ${flag} 8080` };
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      return { message: `${host} is not an address of this machine`, remedy: 'leave --host out for 127.0.0.1' };
    }
    return { message: `cannot listen on ${where}: ${message}`, remedy: `choose another port with ${flag}` };
  }
}

/** As a person or an SDK on this machine writes it: an address that means "all" is named by its loopback. */
function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const name = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

async function drain(apps: readonly FastifyInstance[], store: Store, log: Log): Promise<void> {
  const late = setTimeout(() => {
    log.event('notice', { message: 'requests were still running after 4 s and were cut off' });
    for (const app of apps) app.server.closeAllConnections();
  }, DRAIN_MS);
  await Promise.all(apps.map(app => app.close()));
  clearTimeout(late);
  await store.close();
}
