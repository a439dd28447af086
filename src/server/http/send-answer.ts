import type { FastifyReply } from 'fastify';
import type { ApiError } from '#domain/api/server-api.ts';
import type { Result } from '#domain/result.ts';
import type { Store } from '#server/store/store.ts';
import type { Answer } from '#server/tempo/search-types.ts';

/** Asks the store what was asked of us; what cannot be read of the request, or is refused, is 400. */
export async function sendAnswer<T>(
  store: Pick<Store, 'query'>,
  reply: FastifyReply,
  kind: string,
  args: Result<unknown, string>,
): Promise<FastifyReply> {
  if (!args.ok) return fail(reply, args.error);
  const gone = new AbortController();
  reply.raw.on('close', () => gone.abort());
  const answer = await store.query<Answer<T>>({ kind, args: args.value }, { signal: gone.signal });
  return answer.ok ? reply.header('cache-control', 'no-store').send(answer.value) : fail(reply, answer.message);
}

function fail(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(400).send({ error } satisfies ApiError);
}
