import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiError } from '#domain/api/server-api.ts';
import type { BackupFile, StoreVolume } from '#domain/api/store-api.ts';
import { parseTraceId } from '#domain/ids.ts';
import type { Store } from '#server/store/store.ts';
import { readUnixRange } from './unix-range.ts';

type StoreApiStore = Pick<Store, 'details' | 'query' | 'traceState' | 'backup'>;

/** The store's page, why a trace is not there, and backups. Bodies: `#domain/api/store-api.ts`. */
export function addStoreApi(app: FastifyInstance, store: StoreApiStore): void {
  app.get('/api/store', async (_request, reply) => noStore(reply).send(await store.details()));
  app.get('/api/store/volume', async (_request, reply) => {
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    const request = { kind: 'volume', args: undefined };
    return noStore(reply).send(await store.query<StoreVolume>(request, { signal: gone.signal }));
  });

  app.post('/api/backup', async (_request, reply) => {
    const made = await store.backup();
    if (made.ok) return noStore(reply).send(made.value satisfies BackupFile);
    return reply.code(503).send({ error: made.error } satisfies ApiError);
  });

  app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>(
    '/api/trace-state/:id',
    async (request, reply) => {
      const traceId = parseTraceId(request.params.id);
      if (!traceId.ok) return reply.code(400).send({ error: traceId.error } satisfies ApiError);
      const range = readUnixRange(request.query);
      if (!range.ok) return reply.code(400).send({ error: range.error } satisfies ApiError);
      return noStore(reply).send(await store.traceState({ traceId: traceId.value, ...range.value }));
    },
  );
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
