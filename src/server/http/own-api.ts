import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AddedTraces, ApiError, ServerConfig } from '#domain/api/server-api.ts';
import type { Store } from '#server/store/store.ts';
import { readSample } from './sample-data.ts';

export interface OwnApiOptions {
  readonly store: Pick<Store, 'ingest' | 'status' | 'removeSample'>;
  /** Asked at each request: the receiver's port is known only once it listens. */
  readonly config: () => ServerConfig;
  readonly packageRoot: string;
}

/** More at once would hold up what the receiver takes. */
const MAX_TRACES_BYTES = 32 * 2 ** 20;

/** GET /api/config, GET /api/status, POST /api/traces, POST and DELETE /api/sample. Bodies: `#domain/api/server-api.ts`. */
export function addOwnApi(app: FastifyInstance, { store, config, packageRoot }: OwnApiOptions): void {
  app.get('/api/config', async (_request, reply) => noStore(reply).send(config()));
  app.get('/api/status', async (_request, reply) => noStore(reply).send(await store.status()));

  // Loading and removing wait for each other: two clicks load one sample.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };

  app.post('/api/sample', (_request, reply) =>
    inTurn(async () => {
      if ((await store.status()).sample !== undefined) return noStore(reply).send(await store.status());
      const sample = readSample(packageRoot);
      if (!sample.ok) return fail(reply, 404, sample.error);
      const shiftToEndAtUnixNano = BigInt(Date.now()) * 1_000_000n;
      const result = await store.ingest(sample.value, 'protobuf', { sample: true, shiftToEndAtUnixNano });
      if (result.kind === 'stored') return noStore(reply).send(await store.status());
      if (result.kind === 'unavailable') reply.header('retry-after', String(result.retryAfterS));
      return fail(
        reply,
        result.kind === 'unavailable' ? 503 : 500,
        `the sample traces were not stored: ${result.message}`,
      );
    }),
  );

  // What a page has read from files and its reader wants kept: as from a receiver, but from pages of this server only.
  app.register(async scope => {
    scope.addContentTypeParser(
      'application/x-protobuf',
      { parseAs: 'buffer', bodyLimit: MAX_TRACES_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.post('/api/traces', async (request, reply) => {
      if (!(request.body instanceof Uint8Array)) return fail(reply, 400, 'the body must be OTLP traces as protobuf');
      const result = await store.ingest(Uint8Array.from(request.body), 'protobuf');
      if (result.kind === 'stored') {
        const { accepted, rejected, message } = result;
        return noStore(reply).send({ accepted, rejected, message } satisfies AddedTraces);
      }
      if (result.kind === 'unavailable') reply.header('retry-after', String(result.retryAfterS));
      return fail(reply, result.kind === 'unavailable' ? 503 : 400, `the traces were not stored: ${result.message}`);
    });
  });
  app.delete('/api/sample', (_request, reply) =>
    inTurn(async () => {
      await store.removeSample();
      return noStore(reply).send(await store.status());
    }),
  );
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}

function fail(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error } satisfies ApiError);
}
