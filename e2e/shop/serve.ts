import http from 'node:http';
import { trace } from '@opentelemetry/api';
import { fail } from './fail.ts';

export interface Request {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: the shop trusts its own JSON
  readonly body: any;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
}

/** Keys are `METHOD /path/:param`. */
export type Routes = Record<string, (request: Request) => Promise<Reply> | Reply>;

/** Thrown by a handler: answered with this status. */
export class HttpError extends Error {
  override readonly name: string;
  readonly status: number;
  constructor(status: number, name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.name = name;
  }
}

/** Serves the routes on 127.0.0.1:$PORT and tells the parent process when it listens. */
export function serve(routes: Routes): void {
  const table = Object.entries(routes).map(([key, handle]) => {
    const [method, route] = key.split(' ') as [string, string];
    const pattern = new RegExp(`^${route.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    return { method, route, pattern, handle };
  });
  const server = http.createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://shop');
    const reply = await answer(incoming, url).catch(refuse);
    const traceId = trace.getActiveSpan()?.spanContext().traceId;
    outgoing.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      ...(traceId && { 'x-trace-id': traceId }),
    });
    outgoing.end(JSON.stringify(reply.body ?? {}));
  });

  async function answer(incoming: http.IncomingMessage, url: URL): Promise<Reply> {
    for (const { method, route, pattern, handle } of table) {
      const match = incoming.method === method ? pattern.exec(url.pathname) : null;
      if (!match) continue;
      trace.getActiveSpan()?.updateName(`${method} ${route}`).setAttribute('http.route', route);
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      return handle({
        params: match.groups ?? {},
        query: url.searchParams,
        headers: incoming.headers,
        body: text === '' ? undefined : JSON.parse(text),
      });
    }
    return { status: 404, body: { error: `no route for ${incoming.method} ${url.pathname}` } };
  }

  server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('listening'));
}

function refuse(error: unknown): Reply {
  const status = error instanceof HttpError ? error.status : 500;
  if (status >= 500) fail(trace.getActiveSpan(), error);
  return { status, body: { error: error instanceof Error ? error.message : String(error) } };
}
