import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiError, SearchCount } from '#domain/api/server-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Store } from '#server/store/store.ts';
import type { CountArgs } from '#server/tempo/count.ts';
import type { Answer } from '#server/tempo/search-types.ts';

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

function readArgs({ q = '{}', start, end }: Record<string, unknown>): Result<CountArgs, string> {
  if (typeof q !== 'string') return err('q may be given once');
  if ((start === undefined) !== (end === undefined)) return err('start and end go together');
  if (start === undefined) return ok({ q, startNs: undefined, endNs: undefined });
  const startNs = unixNs(start);
  const endNs = unixNs(end);
  if (startNs === undefined || endNs === undefined) return err('start and end are unix seconds');
  return startNs < endNs ? ok({ q, startNs, endNs }) : err('start must be before end');
}

function unixNs(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? BigInt(value) * 1_000_000_000n : undefined;
}

function fail(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(400).send({ error } satisfies ApiError);
}
