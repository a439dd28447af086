import { setTimeout as wait } from 'node:timers/promises';
import { pickWeighted, seededRandom } from '#e2e/random.ts';
import { PRODUCTS, TENANTS } from './catalogue.ts';

export interface Load {
  /** Requests answered so far, by status. */
  readonly answers: ReadonlyMap<number, number>;
  /** Lets visits that have begun end, at most for some seconds. */
  stop(): Promise<void>;
}

const VARIANTS = [
  { id: 'control', weight: 3 },
  { id: 'batched-quote', weight: 2 },
];
const REQUESTS_PER_VISIT = 6;
const PROBE_EVERY_MS = 5_000;

/** Visitors that come, look, fill a cart and often buy, about `ratePerS` requests a second, until stopped. */
export function startLoad(gatewayUrl: string, ratePerS: number, seed = 7): Load {
  const random = seededRandom(seed);
  const stopping = new AbortController();
  const visits = new Set<Promise<void>>();
  const answers = new Map<number, number>();

  async function send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<void> {
    const response = await fetch(gatewayUrl + path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
  }

  const think = () => wait(80 + random() * 900, undefined, { signal: stopping.signal });

  async function visit(): Promise<void> {
    const tenant = pickWeighted(TENANTS, random).id;
    const headers = {
      'x-tenant-id': tenant,
      'x-user-id': `u-${tenant.slice(0, 2)}${Math.floor(random() * 400) + 1_000}`,
      'x-session-id': `s-${Math.floor(random() * 2 ** 40).toString(36)}`,
      'x-variant': pickWeighted(VARIANTS, random).id,
    };
    for (let pages = random() * 2; pages > 0; pages--) {
      await send('GET', `/products?page=${Math.floor(random() * 3)}`, headers);
      await think();
    }
    for (let items = 1 + random() * 2; items > 0; items--) {
      const sku = random() < 0.02 ? 'TEA-GYOKURO-50' : PRODUCTS[Math.floor(random() * PRODUCTS.length)]!.sku;
      await send('POST', '/cart/items', headers, { sku, quantity: 1 + Math.floor(random() * 2) });
      await think();
    }
    await send('GET', '/cart', headers);
    await think();
    if (random() < 0.85) await send('POST', '/checkout', headers);
  }

  async function keepComing(): Promise<void> {
    while (!stopping.signal.aborted) {
      const visiting = visit()
        .catch(() => {}) // a visitor who gets no answer leaves; the shop's own spans say why
        .finally(() => visits.delete(visiting));
      visits.add(visiting);
      const meanMs = (1_000 * REQUESTS_PER_VISIT) / ratePerS;
      await wait(-Math.log(1 - random()) * meanMs, undefined, { signal: stopping.signal });
    }
  }

  async function keepProbing(): Promise<void> {
    for (;;) {
      await send('GET', '/products', { 'x-synthetic': 'true', 'user-agent': 'uptime-probe/1' }).catch(() => {});
      await wait(PROBE_EVERY_MS, undefined, { signal: stopping.signal });
    }
  }

  const running = Promise.allSettled([keepComing(), keepProbing()]);
  return {
    answers,
    async stop() {
      stopping.abort();
      await running;
      await Promise.allSettled(visits);
    },
  };
}
