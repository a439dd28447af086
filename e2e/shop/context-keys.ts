import { createContextKey } from '@opentelemetry/api';

/** How often the running HTTP request was sent before; becomes `http.request.resend_count`. */
export const RESEND_COUNT = createContextKey('shop resend count');
/** Name of the third party a `fetch` goes to; becomes `peer.service`. */
export const PEER_SERVICE = createContextKey('shop peer service');

export const BROKER_HOST = 'broker';
