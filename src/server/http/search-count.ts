import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiError, SearchCount } from '#domain/api/server-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Store } from '#server/store/store.ts';
import type { CountArgs } from '#server/tempo/count.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { readUnixRange } from './unix-range.ts';

/** GET /api/search/count?q&start&end: matching traces and spans in a range; parameters as in Tempo's search. */
export function addSearchCount(app: FastifyInstance, store: Pick<Store, 'query'>): void {
  app.get('/api/search/count', async (request, reply) => {
    const args = readArgs(request.query as Record<string, unknown>);
    if (!args.ok) return fail(reply, args.error);
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    const answer = await store.query<Answer<SearchCount>>({ kind: 'count', args: args.value }, { signal: gone.signal });
    if (!answer.ok) return fail(reply, answer.message);
    return reply.header('cache-control', 'no-store').send(answer.value satisfies SearchCount);
  });
}

function readArgs(query: Record<string, unknown>): Result<CountArgs, string> {
  const { q = '{}' } = query;
  if (typeof q !== 'string') return err('q may be given once');
  const range = readUnixRange(query);
  return range.ok ? ok({ q, ...range.value }) : range;
}

function fail(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(400).send({ error } satisfies ApiError);
}
