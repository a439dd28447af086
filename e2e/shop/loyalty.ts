import net from 'node:net';
import { openDatabase } from './database.ts';
import { HttpError, serve } from './serve.ts';

const database = openDatabase('loyalty', 'create table points (user_id text primary key, points integer);');
const ports = JSON.parse(process.env.SHOP_PORTS ?? '{}') as Record<string, number>;

/**
 * A hand-written HTTP client from before the shop was traced. No instrumentation sees it and it sends neither
 * `traceparent` nor `baggage`: pricing's answer to it becomes a trace of its own, without a tenant.
 */
function legacyGet(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: pricing\r\nUser-Agent: loyalty-legacy/0.9\r\nConnection: close\r\n\r\n`,
      );
    });
    socket.setTimeout(1_000, () =>
      socket.destroy(new HttpError(504, 'TimeoutError', 'pricing did not answer within 1000 ms')),
    );
    socket.on('data', chunk => {
      reply += chunk;
    });
    socket.on('end', () => resolve(reply.slice(reply.indexOf('{'), reply.lastIndexOf('}') + 1)));
    socket.on('error', reject);
  });
}

serve({
  'POST /members/:user/points': async ({ params, body }) => {
    const { centsPerPoint } = JSON.parse(await legacyGet(ports.pricing!, '/points-rate'));
    const points = Math.floor((body.cents / 100) * centsPerPoint);
    await database.run(
      'insert into points values (?, ?) on conflict do update set points = points + excluded.points',
      params.user!,
      points,
    );
    return { body: { points } };
  },
});
