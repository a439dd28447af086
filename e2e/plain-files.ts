import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built interface as plain files on a web server that knows nothing of it. */
export interface PlainFiles {
  readonly origin: string;
  /** The folder that the files lie in, with a slash at its end. */
  readonly url: string;
  /** What lies there as config.json from now on; undefined for none. */
  setConfig(text: string | undefined): void;
  close(): Promise<void>;
}

const BUILT = fileURLToPath(new URL('../dist/ui', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Serves dist/ui under a folder of a free port of 127.0.0.1. */
export async function startPlainFiles(folder = '/tools/traces/'): Promise<PlainFiles> {
  let config: string | undefined;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://files');
    const name = pathname.startsWith(folder) ? pathname.slice(folder.length) || 'index.html' : '';
    const body = name === 'config.json' ? config : contentOf(name);
    if (body === undefined) return void response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    // As docs/static.md says: pages of other origins import this one.
    const shared = name === 'embed.js' ? { 'access-control-allow-origin': '*' } : {};
    response
      .writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', ...shared })
      .end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}${folder}`,
    setConfig: text => {
      config = text;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function contentOf(name: string): Uint8Array | undefined {
  const file = join(BUILT, name);
  return file.startsWith(BUILT) && existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
}
