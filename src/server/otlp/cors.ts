import type { IncomingHttpHeaders } from 'node:http';

export type CorsDecision =
  /** No browser page is involved. */
  | { readonly kind: 'none' }
  | { readonly kind: 'allowed'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly message: string };

/** Pages may send spans only from the origins the operator lists; never with credentials, never from everywhere. */
export function decideCors(headers: IncomingHttpHeaders, allowed: readonly string[]): CorsDecision {
  const { origin } = headers;
  if (origin !== undefined && allowed.includes(origin)) {
    return { kind: 'allowed', headers: { 'access-control-allow-origin': origin, vary: 'Origin' } };
  }
  if (origin === undefined && headers['sec-fetch-site'] !== 'cross-site') return { kind: 'none' };
  return { kind: 'refused', message: 'this web origin may not send spans; list it in corsOrigins to allow it' };
}
