/** Handles what the checkout leaves to later: orders one by one, mails in batches. */
import { setTimeout as wait } from 'node:timers/promises';
import { SpanKind, trace } from '@opentelemetry/api';
import { ask } from './call.ts';
import { openDatabase } from './database.ts';
import { consume, consumeBatches, publish } from './queue.ts';
import { serve } from './serve.ts';

const tracer = trace.getTracer('shop-worker');
const database = openDatabase('worker', 'create table shipments (order_id text primary key, carrier text, at text);');

async function fulfil(order: { id: string; items: unknown[]; email: string }): Promise<void> {
  await tracer.startActiveSpan('pick carrier', async span => {
    await wait(5 + Math.random() * 20);
    const carrier = Math.random() < 0.7 ? 'parcel-post' : 'bike-courier';
    span.setAttributes({ 'shop.order.id': order.id, 'shop.carrier': carrier, 'shop.order.lines': order.items.length });
    await database.run("insert or replace into shipments values (?, ?, datetime('now'))", order.id, carrier);
    span.end();
  });
  await ask('inventory', `POST /reservations/${order.id}/dispatch`, { timeoutMs: 800, attempts: 2 });
  await publish('mails', { order: order.id, to: order.email });
}

async function sendMails(mails: { order: string; to: string }[]): Promise<void> {
  for (const mail of mails) {
    const attributes = { 'shop.order.id': mail.order, 'shop.mail.template': 'order-confirmed' };
    await tracer.startActiveSpan('render mail', { kind: SpanKind.INTERNAL, attributes }, async span => {
      await wait(2 + Math.random() * 6);
      span.end();
    });
  }
}

serve({ 'GET /health': () => ({ body: { ok: true } }) });
void consume('orders', fulfil);
void consumeBatches('mails', sendMails);
