import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiError } from '#domain/api/server-api.ts';
import type { UpstreamSource } from '#server/config/server-options.ts';
import { outboundFetch } from './outbound-fetch.ts';
import { upstreamUrl } from './tempo-allow-list.ts';

export interface UpstreamLimits {
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly maxJsonBytes: number;
  readonly maxTraceBytes: number;
}

const defaults: UpstreamLimits = { timeoutMs: 30_000, maxJsonBytes: 64 * 2 ** 20, maxTraceBytes: 512 * 2 ** 20 };

const PROTOBUF = 'application/protobuf';

/**
 * GET /api/sources/:id/tempo/*: reads from the configured Tempos. The browser names a source by id and a route of Tempo's
 * read API; of its headers only Accept counts. JSON is parsed and written anew, so no other type can be served through us.
 */
export function addUpstreams(
  app: FastifyInstance,
  sources: readonly UpstreamSource[],
  limits: UpstreamLimits = defaults,
): void {
  const byId = new Map(sources.map(source => [source.id, source]));

  app.get<{ Params: { id: string } }>('/api/sources/:id/tempo/*', async (request, reply) => {
    const source = byId.get(request.params.id);
    if (source === undefined) return fail(reply, 404, 'no source with this id is configured');
    const [path, query = ''] = splitOnce((request.raw.url ?? '').replace(/^\/api\/sources\/[^/]*\/tempo\//, ''), '?');
    const url = upstreamUrl(source.url, path, new URLSearchParams(query));
    if (!url.ok) return fail(reply, 400, url.error);

    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(limits.timeoutMs)]);
    const accept = (request.headers.accept ?? '').includes(PROTOBUF) ? PROTOBUF : 'application/json';
    try {
      const response = await outboundFetch(url.value, { ...source.headers, accept }, signal);
      return await pass(reply, source, response, limits);
    } catch (error) {
      return fail(reply, ...explain(source, error, limits));
    }
  });
}

async function pass(
  reply: FastifyReply,
  source: UpstreamSource,
  response: Response,
  limits: UpstreamLimits,
): Promise<FastifyReply> {
  const { status } = response;
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0].trim().toLowerCase();
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return fail(reply, 502, `${named(source)} answered with a redirect; configure the address it redirects to`);
  }
  if (status === 401 || status === 403) {
    await response.body?.cancel();
    return fail(reply, 502, `${named(source)} refuses the configured credentials (${status})`);
  }
  if (status >= 400) {
    const text = (await readCapped(response, 64 * 1024)).toString('utf8');
    // Faults of the query keep their status, so that the browser can tell them from faults of the server.
    return fail(reply, status < 500 ? status : 502, `${named(source)} answered ${status}: ${oneLine(text)}`);
  }
  reply.code(200).header('cache-control', 'no-store');
  if (type === PROTOBUF) {
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as never);
    return reply.type(PROTOBUF).send(body.compose(capped(limits.maxTraceBytes)));
  }
  const body = await readCapped(response, limits.maxJsonBytes);
  if (type === 'application/json')
    return reply.type('application/json').send(JSON.stringify(JSON.parse(body.toString('utf8'))));
  // Tempo's health check answers plain text; it is the only one.
  if (body.toString('utf8').trim() === 'echo') return reply.type('text/plain; charset=utf-8').send('echo');
  return fail(reply, 502, `${named(source)} answered neither JSON nor protobuf; is ${source.url} its HTTP API?`);
}

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

function capped(limit: number): (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> {
  return async function* cap(chunks) {
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > limit) throw new TooLarge(`more than ${limit} bytes`);
      yield chunk;
    }
  };
}

async function readCapped(response: Response, limit: number): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  for await (const chunk of capped(limit)(response.body as never)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function explain(source: UpstreamSource, error: unknown, limits: UpstreamLimits): [status: number, message: string] {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return [504, `${named(source)} did not answer within ${limits.timeoutMs / 1000} s`];
  if (name === 'AbortError') return [499, 'the request was given up'];
  if (name === 'TooLarge') return [502, `the answer of ${named(source)} is too large (${message}); narrow the query`];
  if (name === 'SyntaxError' || name === 'RangeError') return [502, `${named(source)} answered damaged JSON`];
  return [
    502,
    `${named(source)} cannot be reached at ${source.url}: ${oneLine(cause?.code ?? cause?.message ?? message)}`,
  ];
}

function named(source: UpstreamSource): string {
  return `source '${source.name}'`;
}

function oneLine(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ')
    .trim()
    .slice(0, 1000);
}

function fail(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply
    .code(status)
    .type('application/json')
    .send({ error } satisfies ApiError);
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
