/**
 * The only function of the server that talks to another machine. The address comes from the configuration or the command
 * line, never from a browser; a redirect is the answer, not followed, because it could point anywhere. With a body it is a
 * POST.
 */
export function outboundFetch(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  body?: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  return fetch(url, {
    ...(body === undefined ? { method: 'GET' } : { method: 'POST', body }),
    headers,
    signal,
    redirect: 'manual',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
}
