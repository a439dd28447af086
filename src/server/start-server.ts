import { existsSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from '#domain/api/server-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { PackageInfo } from '#server/config/package-root.ts';
import type { ServerOptions } from '#server/config/server-options.ts';
import { allowedHostNames } from '#server/http/host-guard.ts';
import type { Log } from '#server/http/log.ts';
import { uiApp } from '#server/http/ui-app.ts';
import { otlpGrpc } from '#server/otlp/grpc/otlp-grpc.ts';
import { otlpApp } from '#server/otlp/otlp-app.ts';
import { SelfCheck } from '#server/selfcheck/self-check.ts';
import { fileBytes } from '#server/store/disk.ts';
import { walPath } from '#server/store/open/paths.ts';
import { ServerFile } from '#server/store/open/server-file.ts';
import { type Store, takeStore } from '#server/store/store.ts';
import { registerTempoRoutes } from '#server/tempo/routes.ts';

export interface RunningServer {
  readonly uiUrl: string;
  readonly otlpHttpUrl: string;
  readonly otlpGrpcUrl: string;
  /** Stops accepting, lets requests finish (at most 4 s), commits, checkpoints. Once; later calls wait for the first. */
  close(): Promise<void>;
}

/** One line each. */
export interface StartError {
  readonly message: string;
  readonly remedy: string;
}

interface Addresses {
  readonly ui: string;
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
}

/** A port and what serves it. */
interface Entrance {
  readonly name: keyof Addresses;
  readonly port: number;
  readonly flag: string;
  readonly server: Server;
  readonly listen: (host: string, port: number) => Promise<unknown>;
  readonly close: () => Promise<void>;
  readonly closeAllConnections: () => void;
}

/** The store takes up to 5 s more: together within the 10 s that supervisors leave. */
const DRAIN_MS = 4_000;

/**
 * Takes the data directory, opens the ports, then the database: while it reads its log, health and pages answer, readiness
 * does not, and what is sent is to be sent again. Whatever was opened is closed again when a later step fails.
 */
export async function startServer(
  options: ServerOptions,
  { log, packageInfo }: { readonly log: Log; readonly packageInfo: PackageInfo },
): Promise<Result<RunningServer, StartError>> {
  const taken = takeStore({
    dataDir: options.dataDir,
    retentionMs: options.retentionMs,
    maxBytes: options.maxBytes,
    baggageKeys: options.baggageKeys,
    minFreeDiskBytes: options.minFreeDiskBytes,
    pinsMaxBytes: options.pinsMaxBytes,
    compaction: options.compaction,
    onCompacted: compaction => log.event('compacted', { ...compaction }),
    onNotice: notice => log.event('notice', { message: notice }),
    onLogTail: bytes => log.event('log-tail', { droppedBytes: bytes }),
    onState: (state, reason) => log.event('store-state', { state, ...(reason !== '' && { reason }) }),
  });
  if (!taken.ok) return err({ message: taken.error.message, remedy: taken.error.remedy });
  const store = taken.value;

  let draining = false;
  const hosts = allowedHostNames(options.host, options.allowedHosts);
  const isDraining = () => draining;
  const otlp = otlpApp({ store, log, hosts, corsOrigins: options.corsOrigins });
  const grpc = otlpGrpc({ store, log, hosts, isDraining });
  const addresses = { ui: '', otlpHttp: '', otlpGrpc: '' };
  const ui = await uiApp({
    store,
    log,
    hosts,
    sources: options.sources,
    frameAncestors: options.frameAncestors,
    readOrigins: options.readOrigins,
    config: () => serverConfig(options, packageInfo.version, addresses),
    isDraining,
    selfCheck: new SelfCheck(options.dataDir, () => ({ otlp: addresses.otlpHttp, ui: addresses.ui })),
    addTempoApi: scope => registerTempoRoutes(scope, store, options),
    packageRoot: packageInfo.root,
    uiDir: join(packageInfo.root, 'dist', 'ui'),
  });

  const entrances: readonly Entrance[] = [
    { ...fastifyEntrance(ui), name: 'ui', port: options.port, flag: '--port' },
    { ...fastifyEntrance(otlp), name: 'otlpHttp', port: options.otlpHttpPort, flag: '--otlp-http-port' },
    {
      name: 'otlpGrpc',
      port: options.otlpGrpcPort,
      flag: '--otlp-grpc-port',
      listen: (host, port) => listening(grpc.server, host, port),
      server: grpc.server,
      close: grpc.close,
      closeAllConnections: grpc.closeAllConnections,
    },
  ];
  for (const entrance of entrances) {
    const failed = await open(entrance, options.host);
    if (failed === undefined) {
      addresses[entrance.name] = addressOf(entrance.server, options.host);
      continue;
    }
    await drain(entrances, store, log);
    return err(failed);
  }

  const address = new ServerFile(options.dataDir);
  address.write(addresses.ui);
  if (existsSync(walPath(options.dataDir))) {
    log.event('opening', { logBytes: fileBytes(options.dataDir).wal, ...addresses });
  }
  const opened = await store.open();
  if (!opened.ok) {
    address.remove();
    await drain(entrances, store, log);
    return err({ message: opened.error.message, remedy: opened.error.remedy });
  }

  let closing: Promise<void> | undefined;
  const close = () => {
    if (!draining) log.event('stopping', {});
    draining = true;
    address.remove();
    closing ??= drain(entrances, store, log);
    return closing;
  };
  return ok({ uiUrl: addresses.ui, otlpHttpUrl: addresses.otlpHttp, otlpGrpcUrl: addresses.otlpGrpc, close });
}

function serverConfig(options: ServerOptions, version: string, addresses: Addresses): ServerConfig {
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
    otlpHttp: addresses.otlpHttp,
    otlpGrpc: addresses.otlpGrpc,
    retentionMs: options.retentionMs,
    frameAncestors: options.frameAncestors,
    pinOnShare: options.pinOnShare,
  };
}

function fastifyEntrance(app: FastifyInstance): Pick<Entrance, 'server' | 'listen' | 'close' | 'closeAllConnections'> {
  return {
    server: app.server,
    listen: (host, port) => app.listen({ host, port }),
    close: () => app.close(),
    closeAllConnections: () => app.server.closeAllConnections(),
  };
}

function listening(server: Server, host: string, port: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => resolve(server.off('error', reject)));
  });
}

async function open({ listen, port, flag }: Entrance, host: string): Promise<StartError | undefined> {
  try {
    await listen(host, port);
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
function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

async function drain(entrances: readonly Entrance[], store: Store, log: Log): Promise<void> {
  const late = setTimeout(() => {
    log.event('notice', { message: 'requests were still running after 4 s and were cut off' });
    for (const { closeAllConnections } of entrances) closeAllConnections();
  }, DRAIN_MS);
  await Promise.all(entrances.map(({ close }) => close()));
  clearTimeout(late);
  await store.close();
}
