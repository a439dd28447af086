import type { FastifyInstance } from 'fastify';
import type { SearchCount } from '#domain/api/server-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Store } from '#server/store/store.ts';
import type { CountArgs } from '#server/tempo/count.ts';
import { sendAnswer } from './send-answer.ts';
import { readUnixRange } from './unix-range.ts';

/** GET /api/search/count?q&start&end: matching traces and spans in a range; parameters as in Tempo's search. */
export function addSearchCount(app: FastifyInstance, store: Pick<Store, 'query'>): void {
  app.get('/api/search/count', (request, reply) =>
    sendAnswer<SearchCount>(store, reply, 'count', readArgs(request.query as Record<string, unknown>)),
  );
}

function readArgs(query: Record<string, unknown>): Result<CountArgs, string> {
  const { q = '{}' } = query;
  if (typeof q !== 'string') return err('q may be given once');
  const range = readUnixRange(query);
  return range.ok ? ok({ q, ...range.value }) : range;
}
