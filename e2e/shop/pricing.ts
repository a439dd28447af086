import { context, propagation, trace } from '@opentelemetry/api';
import { tenantOf } from './baggage.ts';
import { PRODUCTS, TENANTS } from './catalogue.ts';
import { openDatabase } from './database.ts';
import { HttpError, serve } from './serve.ts';

const database = openDatabase(
  'pricing',
  `create table prices (sku text primary key, name text, cents integer);
   create table discounts (tenant text primary key, percent integer);`,
);
database.load(
  'insert into prices values (?, ?, ?)',
  PRODUCTS.map(({ sku, name, cents }) => [sku, name, cents]),
);
database.load(
  'insert into discounts values (?, ?)',
  TENANTS.map(({ id, discountPercent }) => [id, discountPercent]),
);

const tracer = trace.getTracer('shop-pricing');

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** The experiment: variant `batched-quote` reads all prices at once, everyone else still one by one. */
async function pricesOf(lines: readonly Line[]): Promise<Map<string, number>> {
  const variant = propagation.getBaggage(context.active())?.getEntry('experiment.variant')?.value;
  const prices = new Map<string, number>();
  const read = async (sql: string, value: string) => {
    for (const row of await database.all(sql, value)) prices.set(String(row.sku), Number(row.cents));
  };
  if (variant === 'batched-quote') {
    const skus = JSON.stringify(lines.map(line => line.sku));
    await read('select sku, cents from prices where sku in (select value from json_each(?))', skus);
  } else {
    for (const line of lines) await read('select sku, cents from prices where sku = ?', line.sku);
  }
  return prices;
}

async function quote(lines: readonly Line[]): Promise<{ cents: number }> {
  const prices = await pricesOf(lines);
  return tracer.startActiveSpan('apply discounts', async span => {
    const tenant = tenantOf(context.active());
    const [discount] = await database.all('select percent from discounts where tenant = ?', tenant);
    const percent = Number(discount?.percent ?? 0);
    const full = lines.reduce((sum, line) => sum + (prices.get(line.sku) ?? 0) * line.quantity, 0);
    const cents = Math.round((full * (100 - percent)) / 100);
    span.setAttributes({
      'shop.discount.percent': percent,
      'shop.quote.cents': cents,
      'shop.quote.lines': lines.length,
    });
    span.end();
    return { cents };
  });
}

serve({
  'GET /prices': async ({ query }) => {
    const page = Number(query.get('page') ?? 0);
    const sql = 'select sku, name, cents from prices order by sku limit 4 offset ?';
    return { body: { products: await database.all(sql, page * 4) } };
  },
  'GET /prices/:sku': async ({ params }) => {
    const [row] = await database.all('select sku, name, cents from prices where sku = ?', params.sku!);
    if (!row) throw new HttpError(404, 'UnknownSku', `no product ${params.sku}`);
    return { body: row };
  },
  'GET /points-rate': () => ({ body: { centsPerPoint: 2 } }),
  'POST /quotes': async ({ body }) => ({ body: await quote(body.items) }),
});
