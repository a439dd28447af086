import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server of its own origin, for pages that frame panels. */
export interface HostPages {
  readonly origin: string;
  /** Serves a document and returns its address. */
  page(html: string, headers?: Record<string, string>): string;
  close(): Promise<void>;
}

/** Starts one on a free port; under `name` it is another origin than under 127.0.0.1. */
export async function startHostPages(name = '127.0.0.1'): Promise<HostPages> {
  const pages: { html: string; headers: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    const page = pages[Number(/^\/(\d+)$/.exec(request.url ?? '')?.[1] ?? -1)];
    if (page === undefined) return void response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://${name}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    page: (html, headers = {}) => `${origin}/${pages.push({ html: `<!doctype html>${html}`, headers }) - 1}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
