/** Routes whose one parameter is an attribute name, which may hold any character (`app.kubernetes.io/name`). */
const tagValues = /^\/(?:tempo|api\/sources\/[^/]+\/tempo)\/api\/(?:v2\/)?search\/tag\/[^/]+\/values$/;

/**
 * What is wrong with a request target, or undefined. Targets that two programs could read differently (doubled or encoded
 * slashes, backslashes, dot segments) are refused before routing, so that what is checked is what is served.
 */
export function pathGuard(url: string): string | undefined {
  const path = url.split('?', 1)[0];
  if (!path.startsWith('/')) return 'the request target must be a path';
  if (/[\\\x00-\x20\x7f]|%00|%0[ad]/i.test(path)) return 'the path holds a forbidden character';
  if (/\/\/|(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path)) return 'the path holds an empty or a dot segment';
  if (/%2f|%5c|%25(2f|5c|2e)/i.test(path) && !tagValues.test(path)) return 'the path holds an encoded slash';
  try {
    decodeURIComponent(path);
  } catch {
    return 'the path is not valid percent-encoding';
  }
  return undefined;
}
