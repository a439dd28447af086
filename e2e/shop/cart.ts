import { openDatabase } from './database.ts';
import { HttpError, serve } from './serve.ts';

const database = openDatabase(
  'cart',
  `create table cart_items (session text, sku text, quantity integer, primary key (session, sku));`,
);

serve({
  'GET /carts/:session': async ({ params }) => ({
    body: {
      items: await database.all('select sku, quantity from cart_items where session = ? order by sku', params.session!),
    },
  }),
  'POST /carts/:session/items': async ({ params, body }) => {
    if (!(body.quantity > 0)) throw new HttpError(422, 'InvalidQuantity', `quantity ${body.quantity} is not positive`);
    await database.run(
      'insert into cart_items values (?, ?, ?) on conflict do update set quantity = quantity + excluded.quantity',
      params.session!,
      body.sku,
      body.quantity,
    );
    return { status: 201 };
  },
  'DELETE /carts/:session': async ({ params }) => {
    await database.run('delete from cart_items where session = ?', params.session!);
    return { status: 200 };
  },
});
