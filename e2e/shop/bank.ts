/**
 * A third party. It has tracing of its own that ends somewhere else: it continues the caller's trace with span ids that
 * the shop never receives, so its webhook arrives with a parent that is missing.
 */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { stopWhen } from './lifetime.ts';

/** Merchants whose history the risk model reads whole. */
const BIG_MERCHANTS = new Set(['acme']);

const between = (low: number, high: number) => low + Math.random() ** 2 * (high - low);

async function reply(path: string, body: { merchant?: string }): Promise<{ status: number; body: unknown }> {
  if (path === '/risk/assessments') {
    await wait(BIG_MERCHANTS.has(body.merchant ?? '') ? 320 + Math.random() * 700 : between(12, 45));
    return { status: 200, body: { score: Math.round(Math.random() * 100) } };
  }
  await wait(between(18, 120));
  const luck = process.env.SHOP_FAULTS === 'off' ? 1 : Math.random();
  if (luck < 0.02) return { status: 503, body: { error: 'clearing is busy' } };
  if (luck < 0.05) return { status: 402, body: { error: 'declined' } };
  return { status: 201, body: { reference: `bk_${randomBytes(6).toString('hex')}` } };
}

let owedWebhooks = 0;

function notifyShop(charge: { order: string; replica: string }, traceparent: string | undefined): void {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'bank-webhooks/3' };
  const traceId = traceparent?.split('-')[1];
  if (traceId) headers.traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const webhook = http.request(`${process.env.SHOP_GATEWAY_URL}/webhooks/bank`, { method: 'POST', headers });
  webhook.on('response', response => response.resume());
  webhook.on('close', () => {
    owedWebhooks--;
  });
  webhook.on('error', error => console.error(`webhook for ${charge.order}: ${error.message}`));
  webhook.end(JSON.stringify({ order: charge.order, replica: charge.replica, event: 'charge.settled' }));
}

const server = http.createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString());
  const answer = await reply(request.url ?? '/', body);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  const traceparent = request.headers.traceparent;
  if (answer.status !== 201) return;
  owedWebhooks++;
  setTimeout(notifyShop, 150 + Math.random() * 300, body, Array.isArray(traceparent) ? traceparent[0] : traceparent);
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('listening'));
stopWhen(() => owedWebhooks === 0);
