import { randomUUID } from 'node:crypto';
import { context, propagation, trace } from '@opentelemetry/api';
import { withSession } from './baggage.ts';
import { ask } from './call.ts';
import { publish } from './queue.ts';
import { HttpError, type Reply, type Request, serve } from './serve.ts';

/** The replicas of payment that are up; a deployment changes one after the other. */
const paymentReplicas = ['payment-1', 'payment-2'];
let turn = 0;

const entry = (key: string) => propagation.getBaggage(context.active())?.getEntry(key)?.value ?? '';

/** Runs the handler with the request's session as baggage. */
const inSession = (handle: (request: Request) => Promise<Reply>) => (request: Request) =>
  context.with(withSession(context.active(), request.headers), () => handle(request));

async function listProducts({ query }: Request): Promise<Reply> {
  const { products } = await ask('pricing', `GET /prices?page=${query.get('page') ?? 0}`, { attempts: 2 });
  const skus = products.map((product: { sku: string }) => product.sku).join(',');
  const { stock } = await ask('inventory', `GET /stock?skus=${skus}`, { attempts: 2 });
  return { body: { products, stock } };
}

async function addItem({ body }: Request): Promise<Reply> {
  await Promise.all([
    ask('pricing', `GET /prices/${body.sku}`, { timeoutMs: 500 }),
    ask('inventory', `GET /stock?skus=${body.sku}`, { timeoutMs: 500 }),
  ]);
  await ask('cart', `POST /carts/${entry('session.id')}/items`, { body });
  return { status: 201 };
}

async function checkout(): Promise<Reply> {
  const order = randomUUID();
  const session = entry('session.id');
  trace.getActiveSpan()?.setAttribute('shop.order.id', order);
  const { items } = await ask('cart', `GET /carts/${session}`, { attempts: 2 });
  if (items.length === 0) throw new HttpError(409, 'EmptyCart', 'the cart is empty');
  const [{ cents }] = await Promise.all([
    ask('pricing', 'POST /quotes', { body: { items }, attempts: 2 }),
    ask('inventory', 'POST /reservations', { body: { order, items }, timeoutMs: 400, attempts: 2 }),
  ]);
  await charge(order, cents);
  await collectPoints(cents);
  await ask('cart', `DELETE /carts/${session}`);
  await publish('orders', { id: order, items, email: `${entry('user.id')}@${entry('tenant.id')}.example` });
  return { status: 201, body: { order, cents } };
}

async function charge(order: string, cents: number): Promise<void> {
  const replica = paymentReplicas[turn++ % paymentReplicas.length]!;
  try {
    await ask(replica, 'POST /charges', { body: { order, cents }, timeoutMs: 4_000 });
  } catch (error) {
    await ask('inventory', `DELETE /reservations/${order}`, { attempts: 2 });
    throw error;
  }
}

/** Points are a courtesy: without them the order stands. */
async function collectPoints(cents: number): Promise<void> {
  try {
    await ask('loyalty', `POST /members/${entry('user.id')}/points`, { body: { cents }, timeoutMs: 300 });
  } catch (error) {
    trace.getActiveSpan()?.addEvent('points skipped', { 'exception.message': String(error) });
  }
}

async function settle({ body }: Request): Promise<Reply> {
  await ask(body.replica, `POST /charges/${body.order}/settle`, { timeoutMs: 500, attempts: 2 });
  return {};
}

serve({
  'GET /products': inSession(listProducts),
  'GET /cart': inSession(async () => ({ body: await ask('cart', `GET /carts/${entry('session.id')}`) })),
  'POST /cart/items': inSession(addItem),
  'POST /checkout': inSession(checkout),
  'POST /webhooks/bank': settle,
});
