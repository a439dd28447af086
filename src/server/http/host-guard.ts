import type { IncomingMessage } from 'node:http';
import { isLoopback } from '#server/config/loopback.ts';

/**
 * The names a server answers to. A page of another site can point its own name at 127.0.0.1 (DNS rebinding), but it cannot
 * change the Host header. Undefined means any: the operator bound a public address and listed no names.
 */
export function allowedHostNames(host: string, listed: readonly string[]): ReadonlySet<string> | undefined {
  if (!isLoopback(host) && listed.length === 0) return undefined;
  return new Set(['localhost', '127.0.0.1', '::1', host.toLowerCase(), ...listed]);
}

/** Does a request name more than one host? Two programs could then believe two of them; such a request is refused (RFC 9112). */
export function namesTwoHosts({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i].toLowerCase() === 'host') hosts++;
  return hosts > 1;
}

/** What is wrong with a Host header, or undefined. */
export function hostGuard(hosts: ReadonlySet<string> | undefined, header: string | undefined): string | undefined {
  if (hosts === undefined) return undefined;
  const name = nameOf(header ?? '');
  if (hosts.has(name)) return undefined;
  return `this server is not known as '${printable(name)}'; add the name to allowedHosts if it is yours`;
}

/** Without port, brackets and trailing dot, lower case. */
function nameOf(header: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header.trim());
  if (match === null) return header;
  return (match[1] ?? match[2] ?? '').toLowerCase().replace(/\.$/, '');
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
