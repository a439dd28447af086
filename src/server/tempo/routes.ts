import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseTraceId, type TraceId } from '#domain/ids.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { INTRINSICS } from '#domain/traceql/names.ts';
import { stoppedStatus } from '#server/http/stopped-status.ts';
import { QueryStopped, type Store } from '#server/store/store.ts';
import { divisionFault } from './division-fault.ts';
import { registerMetricsRoutes } from './metrics/metrics-routes.ts';
import {
  DEFAULT_LIMITS,
  parametersOf,
  queryTextOf,
  type RangeLimits,
  readNumber,
  readRange,
  readSearchRange,
} from './parameters.ts';
import { askStore } from './query-client.ts';
import { searchJson } from './search-json.ts';
import type { Answer, SearchAnswer, SearchArgs } from './search-types.ts';
import { sendReply, wantsProtobuf } from './send-reply.ts';
import type { TagValuesArgs } from './tag-values.ts';
import { TAG_SCOPES, type TagScopeAnswer, type TagScopeName, type TagsArgs } from './tags.ts';
import { traceV1Json, traceV2Json, traceV2Proto } from './trace-reply.ts';

/** Nothing is split up here. */
const ONE_JOB = { completedJobs: 1, totalJobs: 1 };

const MAX_LIMIT = 262_144;
const MAX_SPANS_PER_SPANSET = 100;
/** What the API is compatible with, for clients that ask before they use a feature. */
const TEMPO_VERSION = '2.8.0';

/** Tempo's HTTP API over the embedded store; paths as Tempo has them. Errors are one line of text/plain. */
export function registerTempoRoutes(app: FastifyInstance, store: Store, limits: RangeLimits = DEFAULT_LIMITS): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof QueryStopped)
      return stoppedStatus(reply, error).type('text/plain; charset=utf-8').send(error.message);
    // The outer handler logs it; a client of this API expects text.
    throw error;
  });

  app.get('/api/echo', (_request, reply) => plain(reply, 200, 'echo'));
  app.get('/ready', async (_request, reply) => {
    const { ok, reason } = await store.ready();
    return ok ? plain(reply, 200, 'ready\n') : plain(reply, 503, reason ?? 'not ready');
  });
  app.get('/api/status/buildinfo', (_request, reply) =>
    reply.send({
      version: TEMPO_VERSION,
      revision: 'throughline',
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
    }),
  );

  app.get('/api/v2/traces/:traceId', (request, reply) => sendTrace(store, request, reply, 'v2'));
  app.get('/api/traces/:traceId', (request, reply) => sendTrace(store, request, reply, 'v1'));
  app.get('/api/search', (request, reply) => sendSearch(store, limits, request, reply));
  app.get('/api/v2/search/tags', async (request, reply) => {
    const scopes = await readTags(store, request, reply);
    return scopes === undefined ? reply : sendReply(request, reply, 'tags', { scopes, metrics: ONE_JOB });
  });
  app.get('/api/search/tags', async (request, reply) => {
    const scopes = await readTags(store, request, reply);
    if (scopes === undefined) return reply;
    // Intrinsics are no attributes: only who asks for them gets them.
    const named = scopes.length === 1 ? scopes : scopes.filter(s => s.name !== 'intrinsic');
    const names = named.flatMap(s => s.tags);
    return sendReply(request, reply, 'tagsV1', { tagNames: [...new Set(names)].sort(), metrics: ONE_JOB });
  });
  app.get('/api/v2/search/tag/:tag/values', async (request, reply) => {
    const values = await readTagValues(store, request, reply, tag => tag);
    return values === undefined ? reply : sendReply(request, reply, 'values', { tagValues: values, metrics: ONE_JOB });
  });
  app.get('/api/search/tag/:tag/values', async (request, reply) => {
    const values = await readTagValues(store, request, reply, bareTag);
    if (values === undefined) return reply;
    const texts = [...new Set(values.map(v => v.value))].sort();
    return sendReply(request, reply, 'valuesV1', { tagValues: texts, metrics: ONE_JOB });
  });
  registerMetricsRoutes(app, store, limits);
}

async function sendTrace(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  version: 'v1' | 'v2',
): Promise<FastifyReply> {
  const id = parseTraceId((request.params as { traceId: string }).traceId);
  if (!id.ok) return plain(reply, 400, `trace IDs can only contain hex characters: ${id.error}`);
  const wantsProto = wantsProtobuf(request);
  if (version === 'v2' && wantsProto) {
    const body = traceV2Proto(await store.traceParts(id.value as TraceId));
    return reply.type('application/protobuf').header('content-length', body.length).send(Readable.from(body.pieces));
  }
  const trace = await store.trace(id.value as TraceId);
  if (version === 'v1') {
    if (trace === undefined) return reply.code(404).send();
    if (wantsProto)
      return reply.type('application/protobuf').send(Buffer.from(trace.buffer, trace.byteOffset, trace.length));
    return reply.type('application/json').send(traceV1Json(trace));
  }
  return reply.type('application/json').send(traceV2Json(trace));
}

async function sendSearch(
  store: Store,
  { maxSearchRangeMs }: RangeLimits,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const params = parametersOf(request.query);
  const range = readSearchRange(params, maxSearchRangeMs);
  if (!range.ok) return plain(reply, 400, range.error);
  const limit = readNumber(params, 'limit', { least: 1, most: MAX_LIMIT, fallback: 20 });
  if (!limit.ok) return plain(reply, 400, limit.error);
  const spss = readNumber(params, 'spss', { least: 0, most: MAX_SPANS_PER_SPANSET, fallback: 3 });
  if (!spss.ok) return plain(reply, 400, spss.error);
  const q = queryTextOf(params);
  if (!q.ok) return plain(reply, 400, q.error);
  const fault = divisionFault(q.value);
  if (fault !== undefined) return plain(reply, 500, fault);
  const args: SearchArgs = {
    q: q.value,
    ...range.value,
    limit: limit.value,
    spansPerSpanset: spss.value || MAX_SPANS_PER_SPANSET,
  };
  const answer = await askStore<Answer<SearchAnswer>>(store, 'search', args, reply);
  if (!answer.ok) return plain(reply, 400, answer.message);
  return sendReply(request, reply, 'search', searchJson(answer.value));
}

async function readTags(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<readonly TagScopeAnswer[] | undefined> {
  const params = parametersOf(request.query);
  const range = readRange(params);
  const limit = readNumber(params, 'limit', { least: 0, most: MAX_LIMIT, fallback: 0 });
  const scope = params.scope ?? '';
  const isScope = scope === '' || scope === 'none' || (TAG_SCOPES as readonly string[]).includes(scope);
  const refusal = !range.ok
    ? range.error
    : !limit.ok
      ? limit.error
      : isScope
        ? undefined
        : `invalid scope: ${scope.slice(0, 40)}`;
  if (!range.ok || !limit.ok || refusal !== undefined) {
    await plain(reply, 400, refusal ?? '');
    return undefined;
  }
  const args: TagsArgs = {
    scope: scope === '' || scope === 'none' ? undefined : (scope as TagScopeName),
    q: params.q ?? '',
    ...range.value,
    limit: limit.value,
  };
  const answer = await askStore<Answer<readonly TagScopeAnswer[]>>(store, 'tags', args, reply);
  if (answer.ok) return answer.value;
  await plain(reply, 400, answer.message);
  return undefined;
}

async function readTagValues(
  store: Store,
  request: FastifyRequest,
  reply: FastifyReply,
  scoped: (tag: string) => string,
): Promise<readonly TagValue[] | undefined> {
  const params = parametersOf(request.query);
  const range = readRange(params);
  const limit = readNumber(params, 'limit', { least: 0, most: MAX_LIMIT, fallback: 0 });
  if (!range.ok || !limit.ok) {
    await plain(reply, 400, !range.ok ? range.error : !limit.ok ? limit.error : '');
    return undefined;
  }
  const tag = scoped((request.params as { tag: string }).tag);
  const args: TagValuesArgs = { tag, q: params.q ?? '', ...range.value, limit: limit.value };
  const answer = await askStore<Answer<readonly TagValue[]>>(store, 'tagValues', args, reply);
  if (answer.ok) return answer.value;
  await plain(reply, 400, answer.message);
  return undefined;
}

/** The older API names tags without scope. */
function bareTag(tag: string): string {
  if (tag === 'status.code') return 'status';
  return INTRINSICS.has(tag) ? tag : `."${tag.replace(/["\\]/g, '\\$&')}"`;
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}
