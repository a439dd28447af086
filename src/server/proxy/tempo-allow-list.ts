import { err, ok, type Result } from '#domain/result.ts';

const range = ['start', 'end'];
const tagQuery = ['q', 'limit', 'maxStaleValues', ...range];
const metrics = ['q', 'query', 'since', 'exemplars', 'maxSeries', ...range];

/** Tempo's read API: path segments (a pattern for the variable one) and the query keys that may pass. */
const routes: readonly { readonly path: readonly (string | RegExp)[]; readonly keys: readonly string[] }[] = [
  { path: ['api', 'echo'], keys: [] },
  { path: ['api', 'status', 'buildinfo'], keys: [] },
  { path: ['api', 'traces', /^[0-9a-f]{1,32}$/i], keys: range },
  { path: ['api', 'v2', 'traces', /^[0-9a-f]{1,32}$/i], keys: range },
  { path: ['api', 'search'], keys: ['q', 'tags', 'minDuration', 'maxDuration', 'limit', 'spss', ...range] },
  { path: ['api', 'search', 'tags'], keys: ['scope', ...tagQuery] },
  { path: ['api', 'v2', 'search', 'tags'], keys: ['scope', ...tagQuery] },
  { path: ['api', 'search', 'tag', /^[^\x00-\x1f]{1,1024}$/, 'values'], keys: tagQuery },
  { path: ['api', 'v2', 'search', 'tag', /^[^\x00-\x1f]{1,1024}$/, 'values'], keys: tagQuery },
  { path: ['api', 'metrics', 'query_range'], keys: ['step', ...metrics] },
  { path: ['api', 'metrics', 'query'], keys: metrics },
];

/**
 * The address to ask, built from checked parts: nothing of the request's text is copied as it stands.
 * @param base configured address of the Tempo
 * @param path after `/api/sources/<id>/tempo/`, still percent-encoded, no query
 */
export function upstreamUrl(base: string, path: string, query: URLSearchParams): Result<URL, string> {
  const segments = path.split('/').map(segment => decodeURIComponent(segment));
  const route = routes.find(
    ({ path: pattern }) =>
      pattern.length === segments.length &&
      pattern.every((part, at) => (typeof part === 'string' ? part === segments[at] : part.test(segments[at]))),
  );
  if (route === undefined) return err('this is not a read of the Tempo API');
  // A segment of dots alone would be resolved away by URL even when encoded.
  if (segments.some(segment => /^\.+$/.test(segment))) return err('this is not a read of the Tempo API');
  const url = new URL(`${base}/${segments.map(encodeURIComponent).join('/')}`);
  for (const [key, value] of query) {
    if (!route.keys.includes(key)) return err(`the parameter '${key.slice(0, 50)}' is not passed on`);
    url.searchParams.append(key, value);
  }
  return ok(url);
}
