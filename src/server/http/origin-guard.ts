import type { FastifyRequest } from 'fastify';

/**
 * What is wrong with a request that changes something, or undefined. There is no log-in to steal, but a page of another
 * site must not be able to load or remove data on a server that only this machine can reach.
 */
export function originGuard(request: Pick<FastifyRequest, 'method' | 'headers'>): string | undefined {
  const { method, headers } = request;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined;
  const site = headers['sec-fetch-site'];
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const foreignOrigin = headers.origin !== undefined && hostOf(headers.origin) !== headers.host;
  return foreignSite || foreignOrigin ? 'requests from pages of other sites are refused' : undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
