import compress from '@fastify/compress';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ApiError, ServerConfig } from '#domain/api/server-api.ts';
import type { UpstreamSource } from '#server/config/server-options.ts';
import { addUpstreams } from '#server/proxy/upstream-routes.ts';
import { QueryStopped, type Store } from '#server/store/store.ts';
import { answerClientError } from './client-error.ts';
import { addCspReport } from './csp-report.ts';
import { addFacets } from './facets.ts';
import { addHealth } from './health.ts';
import { hostGuard, namesTwoHosts } from './host-guard.ts';
import { addLatency } from './latency.ts';
import type { Log } from './log.ts';
import { originGuard } from './origin-guard.ts';
import { addOwnApi } from './own-api.ts';
import { pathGuard } from './path-guard.ts';
import { addPinsApi } from './pins-api.ts';
import { allowReading } from './read-origins.ts';
import { addSearchCount } from './search-count.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addSelfCheckApi, type SelfCheckRunner } from './selfcheck-api.ts';
import { addServiceGraph } from './service-graph.ts';
import { addStatesApi } from './states-api.ts';
import { addStaticFiles, wantsPage } from './static-files.ts';
import { stoppedStatus } from './stopped-status.ts';
import { addStoreApi } from './store-api.ts';

export interface UiAppOptions {
  readonly store: Store;
  readonly log: Log;
  /** Host names it answers to; undefined for any. */
  readonly hosts: ReadonlySet<string> | undefined;
  readonly sources: readonly UpstreamSource[];
  readonly frameAncestors: readonly string[];
  /** Origins whose pages may read Tempo's API. */
  readonly readOrigins: readonly string[];
  readonly config: () => ServerConfig;
  readonly isDraining: () => boolean;
  readonly selfCheck: SelfCheckRunner;
  /** Adds Tempo's API of the embedded store; its paths count from /tempo. */
  readonly addTempoApi: (scope: FastifyInstance) => void;
  readonly packageRoot: string;
  /** The built user interface. */
  readonly uiDir: string;
}

/** A query of 128 KiB, the longest there is, travels in the address: percent-encoded up to three times as long. */
const MAX_HEADER_BYTES = 512 * 1024;

/** The port people and tools read from: user interface, own API, Tempo's API, health, metrics. */
export async function uiApp(options: UiAppOptions): Promise<FastifyInstance> {
  const { store, log, hosts } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    return503OnClosing: false,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 4096 },
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1000, maxHeaderSize: MAX_HEADER_BYTES },
    clientErrorHandler: answerClientError((_status, error) =>
      new TextEncoder().encode(JSON.stringify({ error } satisfies ApiError)),
    ),
    frameworkErrors: (_error, _request, reply) => fail(reply as FastifyReply, 400, 'the path is not valid'),
  });
  app.server.maxConnections = 1024;
  // What takes a body brings its own parser.
  app.removeAllContentTypeParsers();

  await addSecurityHeaders(app, options.frameAncestors);
  allowReading(app, options.readOrigins);
  await app.register(compress, {
    global: true,
    globalDecompression: false,
    encodings: ['br', 'gzip'],
    threshold: 2048,
  });
  app.addHook('onRequest', async (request, reply) => {
    if (namesTwoHosts(request.raw)) return fail(reply, 400, 'the request names more than one host');
    const misdirected = hostGuard(hosts, request.headers.host);
    if (misdirected !== undefined) return fail(reply, 421, misdirected);
    const badPath = pathGuard(request.raw.url ?? '');
    if (badPath !== undefined) return fail(reply, 400, badPath);
    const foreign = originGuard(request);
    return foreign === undefined ? undefined : fail(reply, 403, foreign);
  });
  app.addHook('onResponse', async (request, reply) => logAccess(log, request, reply));

  // Before the routes: a scope keeps the handlers it finds when it is made.
  const { sendPage, sendNewFile } = await addStaticFiles(app, options.uiDir);
  app.setNotFoundHandler((request, reply) => {
    if (wantsPage(request)) return sendPage(request, reply);
    return sendNewFile(request, reply) ?? fail(reply, 404, 'there is nothing at this address');
  });
  app.setErrorHandler((error, _request, reply) => {
    const { statusCode = 500, message } = error as { statusCode?: number; message: string };
    if (error instanceof QueryStopped)
      return stoppedStatus(reply, error).send({ error: error.message } satisfies ApiError);
    if (statusCode < 500) return fail(reply, statusCode, message);
    log.event('error', { where: 'api', message: String((error as Error).stack ?? error) });
    return fail(reply, 500, 'the server failed; its log says why');
  });

  addHealth(app, store, options.isDraining);
  addCspReport(app, log);
  addOwnApi(app, options);
  addStoreApi(app, store);
  addPinsApi(app, store);
  addStatesApi(app, store);
  addSelfCheckApi(app, options.selfCheck, log);
  addSearchCount(app, store);
  addFacets(app, store);
  addLatency(app, store);
  addServiceGraph(app, store);
  addUpstreams(app, options.sources);
  await app.register(async scope => options.addTempoApi(scope), { prefix: '/tempo' });
  return app;
}

function fail(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error } satisfies ApiError);
}

/** Files of the user interface and health checks are noise unless they fail. */
function logAccess(log: Log, request: FastifyRequest, reply: FastifyReply): void {
  const quiet = /^\/(assets\/|-\/|metrics|favicon)/.test(request.url);
  if (quiet && reply.statusCode < 400) return;
  log.request({
    port: 'ui',
    method: request.method,
    url: request.url,
    status: reply.statusCode,
    ms: reply.elapsedTime,
  });
}
