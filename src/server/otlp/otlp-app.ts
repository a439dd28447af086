import type { IncomingMessage } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { answerClientError } from '#server/http/client-error.ts';
import { hostGuard, namesTwoHosts } from '#server/http/host-guard.ts';
import type { Log } from '#server/http/log.ts';
import type { Store } from '#server/store/store.ts';
import { BodyBudget } from './body-budget.ts';
import { type CorsDecision, decideCors } from './cors.ts';
import { OncePerMinute } from './once-per-minute.ts';
import { readBody } from './read-body.ts';
import { contentTypeOf, type OtlpEncoding, statusBody, successBody } from './status.ts';

export interface OtlpAppOptions {
  readonly store: Pick<Store, 'ingest'>;
  readonly log: Log;
  /** Host names it answers to; undefined for any. */
  readonly hosts: ReadonlySet<string> | undefined;
  readonly corsOrigins: readonly string[];
  /** Largest request after decompression. Default 64 MiB, as the specification has it. */
  readonly maxBodyBytes?: number;
  /** All requests together, while they are read. Default 256 MiB. */
  readonly maxBodiesBytes?: number;
  /** Times of a request's headers and of the whole request, ms. Default 10 s and 30 s. */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

const PATH = '/v1/traces';
const wantedTypes = 'Content-Type must be application/x-protobuf or application/json';

/** The OTLP/HTTP receiver. Every reply that is not 200 is a google.rpc.Status in the encoding of the request. */
export function otlpApp(options: OtlpAppOptions): FastifyInstance {
  const { store, log, hosts, corsOrigins, maxBodyBytes = 64 * 2 ** 20, maxBodiesBytes = 256 * 2 ** 20 } = options;
  const budget = new BodyBudget(maxBodiesBytes);
  const said = new OncePerMinute();

  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    http: {
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 16 * 1024,
      // Node's own refusal has no Status; `hostGuard` refuses it.
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError((status, why) => statusBody('json', status, why)),
    frameworkErrors: (_error, request, reply) => refuse(request, reply as FastifyReply, 400, 'the path is not valid'),
  });
  app.server.maxConnections = 1024;
  // An expectation other than 100-continue may be ignored; Node would refuse it without a Status.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  // Bodies are read by `receive`, which knows the limits; Fastify's own parsers would take text/plain and refuse `__proto__`.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.addHook('onRequest', async (request, reply) => {
    if (namesTwoHosts(request.raw)) return refuse(request, reply, 400, 'the request names more than one host');
    // A host in the target would be another one than the header's.
    if (/^\w+:/.test(request.raw.url ?? '')) return refuse(request, reply, 400, 'the request target must be a path');
    const misdirected = hostGuard(hosts, request.headers.host);
    if (misdirected !== undefined) return refuse(request, reply, 421, misdirected);
    const cors = decideCors(request.headers, corsOrigins);
    if (cors.kind === 'allowed') reply.headers(cors.headers);
    if (request.method === 'OPTIONS') return answerPreflight(request, reply, cors);
    if (cors.kind === 'refused') return refuse(request, reply, 403, cors.message);
    return undefined;
  });

  app.post(PATH, receive);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0];
    if (path === PATH) return refuse(request, reply.header('allow', 'POST'), 405, `${PATH} takes POST`);
    if (/^\/v1\/(logs|metrics)$/.test(path) && said.first(path)) {
      log.event('otlp-unsupported', { path, message: `something sends ${path.slice(4)} here; only traces are taken` });
    }
    return refuse(request, reply, 404, `nothing is received at this path; traces go to ${PATH}`);
  });
  app.setErrorHandler((error, request, reply) => {
    const { statusCode = 503 } = error as { statusCode?: number };
    if (statusCode === 415) return refuse(request, reply, 415, wantedTypes);
    if (statusCode < 500) return refuse(request, reply, statusCode, (error as Error).message);
    log.event('error', { where: 'otlp', message: String((error as Error).stack ?? error) });
    // A 500 would make the exporter throw its spans away; whatever failed here may work the next time.
    return refuse(request, reply.header('retry-after', '5'), 503, 'the receiver failed; try again');
  });
  return app;

  async function receive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const encoding = encodingOf(request.headers['content-type']);
    if (encoding === undefined) {
      return refuse(request, reply, 415, wantedTypes);
    }
    const packing = packingOf(request.headers['content-encoding']);
    if (packing === undefined) {
      return refuse(request, reply.header('accept-encoding', 'gzip'), 415, 'Content-Encoding must be gzip or absent');
    }
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > maxBodyBytes) return refuse(request, reply, 413, `the request is larger than ${maxBodyBytes} bytes`);

    const body = await readBody(request.raw, packing, maxBodyBytes, budget);
    if (!body.ok) {
      if (body.error.status === 503) reply.header('retry-after', '1');
      return refuse(request, reply, body.error.status, body.error.message, body.error.status === 400 ? '' : undefined);
    }
    if (encoding === 'json' && body.value.length === 0) return refuse(request, reply, 400, 'the body is empty', '');

    const result = await store.ingest(body.value, encoding);
    switch (result.kind) {
      case 'stored': {
        const said = successBody(encoding, result.rejected, result.message);
        return reply.code(200).header('content-type', contentTypeOf[encoding]).send(Buffer.from(said));
      }
      case 'invalid':
        return refuse(request, reply, 400, result.message, result.field ?? '');
      case 'unavailable':
        return refuse(
          request,
          reply.header('retry-after', String(Math.max(1, Math.ceil(result.retryAfterS)))),
          503,
          result.message,
        );
    }
  }

  function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    message: string,
    badField?: string,
  ): FastifyReply {
    const encoding = encodingOf(request.headers['content-type']) ?? 'json';
    dropRest(request.raw);
    // Whoever is put off comes back: a line for each would fill the disk that is full already.
    if (status !== 503 || said.first(message.replace(/\d+/g, '')))
      log.request({ port: 'otlp', method: request.method, url: request.url, status, ms: reply.elapsedTime, message });
    return reply
      .code(status)
      .header('content-type', contentTypeOf[encoding])
      .send(Buffer.from(statusBody(encoding, status, message, badField)));
  }
}

function answerPreflight(_request: FastifyRequest, reply: FastifyReply, cors: CorsDecision): FastifyReply {
  if (cors.kind !== 'allowed') return reply.code(403).header('vary', 'Origin').send();
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type,content-encoding,authorization',
      'access-control-max-age': '600',
    })
    .send();
}

function encodingOf(contentType: string | undefined): OtlpEncoding | undefined {
  const type = contentType?.split(';', 1)[0].trim().toLowerCase();
  if (type === contentTypeOf.json) return 'json';
  return type === contentTypeOf.protobuf ? 'protobuf' : undefined;
}

function packingOf(contentEncoding: string | undefined): 'identity' | 'gzip' | undefined {
  const name = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return 'identity';
  return name === 'gzip' || name === 'x-gzip' ? 'gzip' : undefined;
}

/**
 * Lets the sender of a refused body read the answer: up to 1 MiB is taken and thrown away, then nothing more is read and
 * the connection ends a second later. Closing at once would reset it before the answer is read.
 */
function dropRest(request: IncomingMessage): void {
  if (request.complete) return;
  let dropped = 0;
  request.on('data', (chunk: Uint8Array) => {
    dropped += chunk.length;
    if (dropped <= 2 ** 20 || request.isPaused()) return;
    request.pause();
    setTimeout(() => request.socket.destroy(), 1000).unref();
  });
  request.resume();
}
