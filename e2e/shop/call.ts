import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { context } from '@opentelemetry/api';
import { RESEND_COUNT } from './context-keys.ts';
import { HttpError } from './serve.ts';

export interface CallOptions {
  readonly body?: unknown;
  readonly timeoutMs?: number;
  /** How many times in all; each after a growing, jittered pause. Only for requests that may be repeated. */
  readonly attempts?: number;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shop trusts its own JSON
  readonly body: any;
}

// Service names are resolved here and not by DNS, so that spans show `server.address: cart` and the shop needs no network.
const agent = new http.Agent({
  keepAlive: true,
  lookup: (_host, options, done) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
});
const ports = JSON.parse(process.env.SHOP_PORTS ?? '{}') as Record<string, number>;

/** Calls `POST http://cart:<port>/path`; the method comes first: `call('cart', 'POST /carts/7/items', { body })`. */
export async function call(service: string, target: string, options: CallOptions = {}): Promise<Answer> {
  const attempts = options.attempts ?? 1;
  for (let resends = 0; ; resends++) {
    try {
      const attempt = context.active().setValue(RESEND_COUNT, resends);
      const answer = await context.with(attempt, () => send(service, target, options));
      if (answer.status < 500 || resends + 1 >= attempts) return answer;
    } catch (error) {
      if (resends + 1 >= attempts) throw error;
    }
    await wait(25 * 2 ** resends * (1 + Math.random()));
  }
}

/** As `call`, and throws unless the answer is 2xx: 4xx as they are, everything else as 502. */
export async function ask(service: string, target: string, options: CallOptions = {}): Promise<Answer['body']> {
  const answer = await call(service, target, options);
  if (answer.status < 300) return answer.body;
  const status = answer.status < 500 ? answer.status : 502;
  throw new HttpError(status, 'UpstreamError', `${service} answered ${answer.status}: ${answer.body.error}`);
}

function send(service: string, target: string, options: CallOptions): Promise<Answer> {
  const [method, path] = target.split(' ') as [string, string];
  return new Promise((resolve, reject) => {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const timeoutMs = options.timeoutMs ?? 2_000;
    const request = http.request({
      agent,
      method,
      path,
      hostname: service.replace(/-\d+$/, ''),
      port: ports[service] ?? 0,
      headers:
        body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    const timer = setTimeout(
      () => request.destroy(new HttpError(504, 'TimeoutError', `${service} did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    request.on('error', reject);
    request.on('close', () => clearTimeout(timer));
    request.on('response', async response => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString() || '{}') });
      } catch (error) {
        reject(error);
      }
    });
    request.end(body);
  });
}
