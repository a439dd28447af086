/**
 * The only function of the server that talks to another machine. The address comes from the configuration, never from a
 * browser; a redirect is the answer, not followed, because it could point anywhere.
 */
export function outboundFetch(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: 'GET',
    headers,
    signal,
    redirect: 'manual',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
}
