import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isEmbedAddress } from './embed-address.ts';
import { readPage } from './page-document.ts';

/** Files that pages of other origins fetch: the script that embeds panels, and its types. */
const SHARED_FILES = ['embed.js', 'embed.d.ts'];

export interface StaticFiles {
  /** Answers an address of a page with the document of the app or that of its embeds. */
  sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply;
  /** Answers an address without a route with a file that was built since the start; undefined where there is none. */
  sendNewFile(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined;
}

/**
 * Routes for the files that are there at start; no file is ever looked up by a request's path, only in a list of the
 * folder. Rejects where only one of the documents was built.
 */
export async function addStaticFiles(app: FastifyInstance, folder: string): Promise<StaticFiles> {
  const appPage = readPage(join(folder, 'index.html'));
  const embedPage = readPage(join(folder, 'embed.html'));
  if (appPage === undefined) {
    const missing = 'The user interface is not built. `npm start` builds it; `npm run dev` serves it on port 5173.\n';
    const sayMissing = (reply: FastifyReply) => reply.code(503).type('text/plain; charset=utf-8').send(missing);
    return { sendPage: (_request, reply) => sayMissing(reply), sendNewFile: () => undefined };
  }
  if (embedPage === undefined) {
    throw new Error(
      `${join(folder, 'embed.html')} is missing: the user interface is built in part. \`npm run build\` builds it`,
    );
  }
  const shared = new Set(SHARED_FILES.map(name => join(folder, name)));
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    // The documents are sent as pages only: they are written for an address.
    globIgnore: ['*.html'],
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', keptFor(path, folder));
      if (!shared.has(path)) return;
      reply.header('cross-origin-resource-policy', 'cross-origin').header('access-control-allow-origin', '*');
      // By its ending alone it would be a film.
      if (path.endsWith('.d.ts')) reply.header('content-type', 'text/plain; charset=utf-8');
    },
  });
  const sendPage = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const page = isEmbedAddress(request.url) ? embedPage : appPage;
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page(request.url));
  };
  // Whoever asks for the root means the page: probes and command lines say nothing of HTML.
  app.get('/', sendPage);

  const listed = new ListedFiles(folder);
  return {
    sendPage,
    sendNewFile: ({ method, url }, reply) => {
      if (method !== 'GET' && method !== 'HEAD') return undefined;
      const file = listed.find(url.split('?', 1)[0].slice(1));
      return file === undefined ? undefined : reply.sendFile(file);
    },
  };
}

/** What stands in a folder, listed again when something is asked for that is not in the list: a build has other names. */
class ListedFiles {
  static readonly #PAUSE_MS = 1000;
  readonly #folder: string;
  #files: ReadonlySet<string> = new Set();
  #listedMs = Number.NEGATIVE_INFINITY;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file of that name, relative to the folder; undefined where there is none, or only a document. */
  find(name: string): string | undefined {
    if (!this.#files.has(name) && performance.now() - this.#listedMs > ListedFiles.#PAUSE_MS) this.#list();
    return this.#files.has(name) ? name : undefined;
  }

  #list(): void {
    this.#listedMs = performance.now();
    try {
      const names = readdirSync(this.#folder, { recursive: true, encoding: 'utf8' });
      this.#files = new Set(
        names.map(name => name.replaceAll('\\', '/')).filter(name => /^[^.].*\.(?!html$)\w+$/.test(name)),
      );
    } catch {
      this.#files = new Set();
    }
  }
}

/** Addresses of pages. Previews of links and command lines that ask for them take anything and do not name HTML. */
const PAGE = /^\/(graph|store|pins|p\/[^/]+|trace\/[^/]+|embed\/.+)$/;

/** Does this address name a page (and not a file or an answer of the API)? */
export function wantsPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const path = request.url.split('?', 1)[0];
  if (/^\/(api|tempo|-|metrics|assets)(\/|$)/.test(path)) return false;
  const lastSegment = path.slice(path.lastIndexOf('/') + 1);
  if (lastSegment.includes('.')) return false;
  const { accept = '*/*' } = request.headers;
  return accept.includes('text/html') || (PAGE.test(path) && accept.includes('*/*'));
}

/** Names of assets change with their content. The icon's does not, and browsers ask for it at each change of the address. */
function keptFor(path: string, folder: string): string {
  if (path.startsWith(join(folder, 'assets'))) return 'public, max-age=31536000, immutable';
  return path === join(folder, 'favicon.svg') ? 'public, max-age=86400' : 'no-cache';
}
