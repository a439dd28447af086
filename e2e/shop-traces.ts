import { jsonTrace } from '#e2e/otlp/json-trace.ts';
import type { Stock } from './fixtures.ts';

const MINUTE = 60_000;

export const PATH = '/v1/payments/4711';
export const MESSAGE = 'card was declined by issuer';

/** Six traces: two of acme with an error in payment, two of globex, two without a tenant. */
export const SHOP_TRACES: Stock = {
  async fill(server) {
    for (const [at, label] of ['t0', 't1', 't2', 't3', 't4', 't5'].entries()) {
      const tenant = at < 2 ? 'acme' : at < 4 ? 'globex' : undefined;
      const attributes = { 'http.route': `/v1/payments/:id`, ...(tenant && { 'tenant.id': tenant }) };
      await server.send(
        jsonTrace(label, Date.now() - (at + 1) * MINUTE, [
          { id: label, service: 'storefront', name: 'POST /checkout', kind: 2, ms: 90 },
          {
            id: `${label}-pay`,
            parent: label,
            service: 'payment',
            name: 'POST /charge',
            kind: 3,
            at: 2,
            ms: 50,
            attributes: { ...attributes, 'url.path': at === 0 ? PATH : '/v1/payments/1' },
            ...(at < 2 && { error: MESSAGE }),
          },
        ]),
      );
    }
  },
};
