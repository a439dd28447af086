import type { FastifyInstance } from 'fastify';
import type { Readiness, Store } from '#server/store/store.ts';
import { metricsText } from './metrics-text.ts';

/** What orchestrators and monitors ask. `isDraining` turns readiness off before the listeners close. */
export function addHealth(
  app: FastifyInstance,
  store: Pick<Store, 'ready' | 'metrics'>,
  isDraining: () => boolean,
): void {
  app.get('/-/healthy', async (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'));
  app.get('/-/ready', async (_request, reply) => {
    const state: Readiness = isDraining() ? { ok: false, reason: 'shutting down' } : await store.ready();
    const text = state.ok
      ? ['ready', ...(state.notices ?? []).map(notice => `notice: ${notice}`), ''].join('\n')
      : `not ready: ${state.reason ?? 'the store does not answer'}\n`;
    return reply
      .code(state.ok ? 200 : 503)
      .type('text/plain; charset=utf-8')
      .send(text);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(store.metrics(), Date.now())),
  );
}
