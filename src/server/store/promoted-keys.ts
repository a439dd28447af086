const wellKnownKeys: readonly string[] = [
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'url.path',
  'db.system.name',
  'db.system',
  'http.method',
  'http.status_code',
  'rpc.method',
  'messaging.destination.name',
  'server.address',
  'peer.service',
  'error.type',
];

/** Span attribute keys that get a column of their own: the well-known ones and the exact (not prefix) baggage keys. */
export function promotedKeys(baggageKeys: readonly string[]): readonly string[] {
  return [...new Set([...wellKnownKeys, ...baggageKeys.filter(key => !key.endsWith('.'))])];
}
