import type { FastifyInstance } from 'fastify';

/**
 * Lets pages of the listed origins read Tempo's API: the user interface as plain files on another web server. Only what
 * needs no preflight, never with credentials.
 */
export function allowReading(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook('onRequest', async ({ url, headers: { origin } }, reply) => {
    if (!url.startsWith('/tempo/')) return;
    reply.header('vary', 'Origin');
    if (origin !== undefined && origins.includes(origin)) reply.header('access-control-allow-origin', origin);
  });
}
