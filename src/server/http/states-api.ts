import type { FastifyInstance } from 'fastify';
import { isStoredId, MAX_STATE_BYTES, type StateText, type StoredState } from '#domain/api/pin-api.ts';
import type { ApiError } from '#domain/api/server-api.ts';
import type { Store } from '#server/store/store.ts';

/** URL states too long for a link: stored by POST, read by GET. Bodies: `#domain/api/pin-api.ts`. */
export function addStatesApi(app: FastifyInstance, { states }: Pick<Store, 'states'>): void {
  app.register(async scope => {
    scope.addContentTypeParser(
      'text/plain',
      { parseAs: 'buffer', bodyLimit: MAX_STATE_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.post('/api/states', async (request, reply) => {
      const text = textOf(request.body);
      if (text === undefined || text === '') {
        return reply.code(400).send({ error: 'the body must be the state, as text in UTF-8' } satisfies ApiError);
      }
      const kept = await states.keep(text);
      if (kept.ok) return reply.header('cache-control', 'no-store').send(kept.value satisfies StoredState);
      return reply.code(507).send({ error: kept.error } satisfies ApiError);
    });
  });

  app.get<{ Params: { id: string } }>('/api/states/:id', async (request, reply) => {
    const { id } = request.params;
    const text = isStoredId(id) ? await states.read(id) : undefined;
    if (text === undefined) {
      const error = 'there is no such state; states are kept for 400 days after they were shared last';
      return reply.code(404).send({ error } satisfies ApiError);
    }
    // The id is a hash of the text: it never changes.
    return reply.header('cache-control', 'private, max-age=86400').send({ text } satisfies StateText);
  });
}

function textOf(body: unknown): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body as Uint8Array);
  } catch {
    return undefined;
  }
}
