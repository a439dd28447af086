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
function pricesOf(lines: readonly Line[]): Map<string, number> {
  const variant = propagation.getBaggage(context.active())?.getEntry('experiment.variant')?.value;
  const rows =
    variant === 'batched-quote'
      ? database.all(
          'select sku, cents from prices where sku in (select value from json_each(?))',
          JSON.stringify(lines.map(line => line.sku)),
        )
      : lines.flatMap(line => database.all('select sku, cents from prices where sku = ?', line.sku));
  return new Map(rows.map(row => [String(row.sku), Number(row.cents)]));
}

function quote(lines: readonly Line[]): { cents: number } {
  const prices = pricesOf(lines);
  return tracer.startActiveSpan('apply discounts', span => {
    const tenant = tenantOf(context.active());
    const percent = Number(database.all('select percent from discounts where tenant = ?', tenant)[0]?.percent ?? 0);
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
  'GET /prices': ({ query }) => {
    const page = Number(query.get('page') ?? 0);
    return {
      body: { products: database.all('select sku, name, cents from prices order by sku limit 4 offset ?', page * 4) },
    };
  },
  'GET /prices/:sku': ({ params }) => {
    const [row] = database.all('select sku, name, cents from prices where sku = ?', params.sku!);
    if (!row) throw new HttpError(404, 'UnknownSku', `no product ${params.sku}`);
    return { body: row };
  },
  'GET /points-rate': () => ({ body: { centsPerPoint: 2 } }),
  'POST /quotes': ({ body }) => ({ body: quote(body.items) }),
});
