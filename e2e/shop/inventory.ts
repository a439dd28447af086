import { setTimeout as wait } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { PRODUCTS } from './catalogue.ts';
import { openDatabase } from './database.ts';
import { HttpError, serve } from './serve.ts';

const database = openDatabase(
  'inventory',
  `create table stock (sku text primary key, on_hand integer, reserved integer default 0);
   create table reservations (id text, sku text, quantity integer);`,
);
database.load(
  'insert into stock (sku, on_hand) values (?, ?)',
  PRODUCTS.map(({ sku, stock }) => [sku, stock]),
);

/** Now and then the warehouse sends its counts and the stock rows are locked for longer than callers care to wait. */
async function passWarehouseSync(): Promise<void> {
  if (process.env.SHOP_FAULTS === 'off' || Math.random() > 0.012) return;
  trace.getActiveSpan()?.addEvent('lock wait', { 'shop.lock.holder': 'warehouse-sync' });
  await wait(450 + Math.random() * 400);
}

/** Gives back what the order holds. */
async function release(order: string): Promise<void> {
  for (const { sku, quantity } of await database.all('select sku, quantity from reservations where id = ?', order))
    await database.run('update stock set reserved = reserved - ? where sku = ?', quantity!, sku!);
  await database.run('delete from reservations where id = ?', order);
}

async function reserve(order: string, items: readonly { sku: string; quantity: number }[]): Promise<void> {
  const take = 'update stock set reserved = reserved + ? where sku = ? and on_hand - reserved >= ?';
  for (const { sku, quantity } of items) {
    const changed = await database.run(take, quantity, sku, quantity);
    if (changed === 0) throw new HttpError(409, 'OutOfStock', `${sku} is sold out`);
    await database.run('insert into reservations values (?, ?, ?)', order, sku, quantity);
  }
}

serve({
  'GET /stock': async ({ query }) => ({
    body: {
      stock: await database.all(
        'select sku, on_hand - reserved as available from stock where sku in (select value from json_each(?))',
        JSON.stringify((query.get('skus') ?? '').split(',')),
      ),
    },
  }),
  'POST /reservations': async ({ body }) => {
    await passWarehouseSync();
    await reserve(body.order, body.items);
    return { status: 201 };
  },
  'DELETE /reservations/:order': async ({ params }) => {
    await release(params.order!);
    return {};
  },
  // Goods come in as fast as they go out: the shop never sells out for good.
  'POST /reservations/:order/dispatch': async ({ params }) => {
    await release(params.order!);
    return {};
  },
});
