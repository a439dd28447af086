import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isEmbedAddress } from './embed-address.ts';

/** Pages: nothing but our own files, no strings as code or markup (Trusted Types), in no frame; previews frame our own. */
const pageDirectives: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'object-src': ["'none'"],
  'frame-src': ["'self'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['app-worker'],
  // The newer report-to works over https only; a local server is http.
  'report-uri': ['/api/csp-report'],
};

/** What a browser may frame: embeds, by our own pages and those of the configured origins. */
function embedDirectives(frameAncestors: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return { ...pageDirectives, 'frame-src': ["'none'"], 'frame-ancestors': ["'self'", ...frameAncestors] };
}

/** Answers of the API are data: a browser that is led to one directly shows it without scripts, frames or our origin. */
const apiPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Headers of every reply of the user interface's port. */
export async function addSecurityHeaders(app: FastifyInstance, frameAncestors: readonly string[]): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: mutable(pageDirectives) },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // TLS ends before us, if anywhere.
    strictTransportSecurity: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  const embedPolicy = Object.entries(embedDirectives(frameAncestors))
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join(';');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), usb=(), payment=()');
    if (isData(request)) reply.header('content-security-policy', apiPolicy);
    // X-Frame-Options knows no list of origins; browsers that know frame-ancestors pass over it.
    else if (isEmbedAddress(request.url)) {
      reply.header('content-security-policy', embedPolicy).removeHeader('x-frame-options');
    }
  });
}

function isData({ url }: FastifyRequest): boolean {
  return /^\/(api|tempo|-|metrics)(\/|\?|$)/.test(url);
}

function mutable(directives: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(directives).map(([name, values]) => [name, [...values]]));
}
