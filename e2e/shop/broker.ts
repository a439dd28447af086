/** A message queue in memory, spoken to over HTTP. Like most brokers it knows nothing of tracing. */
import http from 'node:http';
import { stopWhen } from './lifetime.ts';
import type { Message } from './message.ts';

const LONG_POLL_MS = 1_000;

function startBroker(port: number): void {
  const queues = new Map<string, Message[]>();
  /** Queues whose last messages are still being handled: their receiver has not come back. */
  const inHand = new Set<string>();
  const waiting = new Map<string, Set<() => void>>();

  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://broker');
    const name = url.pathname.replace('/queues/', '');
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      queue.push(JSON.parse(Buffer.concat(chunks).toString()));
      for (const wake of waiting.get(name) ?? []) wake();
      response.writeHead(202).end('{}');
      return;
    }
    inHand.delete(name);
    if (queue.length === 0) await arrival(name);
    const messages = queue.splice(0, Number(url.searchParams.get('most') ?? 1));
    if (messages.length > 0) inHand.add(name);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ messages }));
  });

  function arrival(name: string): Promise<void> {
    return new Promise(resolve => {
      const waiters = waiting.get(name) ?? new Set();
      waiting.set(name, waiters);
      const wake = () => {
        clearTimeout(timer);
        waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, LONG_POLL_MS);
      waiters.add(wake);
    });
  }

  stopWhen(() => inHand.size === 0 && [...queues.values()].every(queue => queue.length === 0));
  server.listen(port, '127.0.0.1', () => process.send?.('listening'));
}

startBroker(Number(process.env.PORT));
