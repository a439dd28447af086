import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Routes for the files that are there at start; no file is ever looked up by a request's path. Returns the handler for
 * addresses of pages, which all get index.html.
 */
export async function addStaticFiles(
  app: FastifyInstance,
  folder: string,
): Promise<(request: FastifyRequest, reply: FastifyReply) => FastifyReply> {
  if (!existsSync(join(folder, 'index.html'))) {
    const missing = 'The user interface is not built. `npm start` builds it; `npm run dev` serves it on port 5173.\n';
    return (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send(missing);
  }
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(join(folder, 'assets'));
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (_request, reply) => reply.sendFile('index.html');
}

/** Does this address name a page (and not a file or an answer of the API)? */
export function wantsPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const path = request.url.split('?', 1)[0];
  if (/^\/(api|tempo|-|metrics|assets)(\/|$)/.test(path)) return false;
  const lastSegment = path.slice(path.lastIndexOf('/') + 1);
  return (request.headers.accept ?? '').includes('text/html') && !lastSegment.includes('.');
}
