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

serve({
  'GET /stock': ({ query }) => ({
    body: {
      stock: database.all(
        'select sku, on_hand - reserved as available from stock where sku in (select value from json_each(?))',
        JSON.stringify((query.get('skus') ?? '').split(',')),
      ),
    },
  }),
  'POST /reservations': async ({ body }) => {
    await passWarehouseSync();
    for (const { sku, quantity } of body.items) {
      const changed = database.run(
        'update stock set reserved = reserved + ? where sku = ? and on_hand - reserved >= ?',
        quantity,
        sku,
        quantity,
      );
      if (changed === 0) throw new HttpError(409, 'OutOfStock', `${sku} is sold out`);
      database.run('insert into reservations values (?, ?, ?)', body.order, sku, quantity);
    }
    return { status: 201 };
  },
  'DELETE /reservations/:order': ({ params }) => {
    for (const { sku, quantity } of database.all('select sku, quantity from reservations where id = ?', params.order!))
      database.run('update stock set reserved = reserved - ? where sku = ?', quantity!, sku!);
    database.run('delete from reservations where id = ?', params.order!);
    return {};
  },
  // Goods come in as fast as they go out: the shop never sells out for good.
  'POST /reservations/:order/dispatch': ({ params }) => {
    for (const { sku, quantity } of database.all('select sku, quantity from reservations where id = ?', params.order!))
      database.run('update stock set reserved = reserved - ? where sku = ?', quantity!, sku!);
    database.run('delete from reservations where id = ?', params.order!);
    return {};
  },
});
