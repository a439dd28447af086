import type { FastifyReply } from 'fastify';
import type { Store } from '#server/store/store.ts';

/** Asks the store one of its registered queries; it stops when the client goes away. */
export function askStore<T>(store: Pick<Store, 'query'>, kind: string, args: unknown, reply: FastifyReply): Promise<T> {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) controller.abort();
  });
  return store.query<T>({ kind, args }, { signal: controller.signal });
}
