import type { IncomingHttpHeaders } from 'node:http';
import { type Context, propagation } from '@opentelemetry/api';

/** Baggage entries that belong to the session; the baggage span processor copies them onto every span. */
const HEADERS = {
  'tenant.id': 'x-tenant-id',
  'user.id': 'x-user-id',
  'session.id': 'x-session-id',
  'experiment.variant': 'x-variant',
  synthetic_request: 'x-synthetic',
} as const;

export function isSessionKey(key: string): boolean {
  return Object.hasOwn(HEADERS, key);
}

/**
 * The context with the session of a request as W3C baggage. The gateway is where a request gets its session, so the
 * gateway's own server span, which is older, does not carry it: baggage belongs to the trace, not to each span.
 */
export function withSession(parent: Context, headers: IncomingHttpHeaders): Context {
  let baggage = propagation.getBaggage(parent) ?? propagation.createBaggage();
  for (const [key, header] of Object.entries(HEADERS)) {
    const value = headers[header];
    if (typeof value === 'string') baggage = baggage.setEntry(key, { value });
  }
  return propagation.setBaggage(parent, baggage);
}

export function tenantOf(context: Context): string {
  return propagation.getBaggage(context)?.getEntry('tenant.id')?.value ?? 'unknown';
}
