import { setTimeout as wait } from 'node:timers/promises';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { tenantOf } from './baggage.ts';
import { PEER_SERVICE } from './context-keys.ts';
import { openDatabase } from './database.ts';
import { fail } from './fail.ts';
import { HttpError, serve } from './serve.ts';

const database = openDatabase(
  'payment',
  `create table charges (order_id text primary key, tenant text, cents integer, state text, bank_reference text);`,
);
const tracer = trace.getTracer('shop-payment');
/** Charges stay in the replica that made them; the bank's webhook names it. */
const replica = process.env.SHOP_REPLICA!;
const bankUrl = process.env.SHOP_BANK_URL!;

/** Release 2.14.0 asks the bank for a risk score before each charge. Nobody tried it with a merchant as big as acme. */
const checksRisk = process.env.SHOP_PAYMENT_VERSION === '2.14.0';

async function bank(path: string, body: unknown, timeoutMs: number): Promise<Response> {
  return context.with(context.active().setValue(PEER_SERVICE, 'bank'), () =>
    fetch(bankUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }),
  );
}

async function assessRisk(tenant: string, cents: number): Promise<void> {
  const attributes = { 'shop.risk.merchant': tenant, 'shop.risk.max_attempts': 3 };
  await tracer.startActiveSpan('assess risk', { kind: SpanKind.INTERNAL, attributes }, async span => {
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          const response = await bank('/risk/assessments', { merchant: tenant, cents }, 400);
          span.setAttribute('shop.risk.score', ((await response.json()) as { score: number }).score);
          return;
        } catch (cause) {
          if (attempt === 3)
            throw new HttpError(503, 'RiskCheckTimeout', `no risk score for ${tenant} after ${attempt} attempts`, {
              cause,
            });
          span.addEvent('retry', { 'shop.risk.attempt': attempt, 'exception.message': String(cause) });
          await wait(60 * 2 ** attempt);
        }
      }
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The bank may be asked again: it knows a charge by its order. */
async function chargeAtBank(order: string, cents: number): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const response = await bank('/charges', { order, cents, replica }, 1_500);
    if (response.status === 402) throw new HttpError(402, 'CardDeclined', 'the bank declined the card');
    if (response.ok) return ((await response.json()) as { reference: string }).reference;
    if (attempt === 3)
      throw new HttpError(503, 'BankUnavailable', `the bank answered ${response.status} ${attempt} times`);
    await wait(40 * attempt);
  }
}

serve({
  'POST /charges': async ({ body }) => {
    const tenant = tenantOf(context.active());
    await database.run("insert or replace into charges values (?, ?, ?, 'new', null)", body.order, tenant, body.cents);
    if (checksRisk) await assessRisk(tenant, body.cents);
    const reference = await chargeAtBank(body.order, body.cents);
    await database.run(
      "update charges set state = 'authorised', bank_reference = ? where order_id = ?",
      reference,
      body.order,
    );
    return { status: 201, body: { reference } };
  },
  'POST /charges/:order/settle': async ({ params }) => {
    const changed = await database.run("update charges set state = 'settled' where order_id = ?", params.order!);
    return {
      status: changed === 0 ? 404 : 200,
      body: changed === 0 ? { error: `no charge for order ${params.order}` } : {},
    };
  },
  'GET /charges/:order': async ({ params }) => {
    const [row] = await database.all(
      'select state, cents, bank_reference from charges where order_id = ?',
      params.order!,
    );
    if (!row) throw new HttpError(404, 'UnknownCharge', `no charge for order ${params.order}`);
    return { body: row };
  },
});
