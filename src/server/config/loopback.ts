/** Names and addresses that only this machine can reach. `host` as in a flag or a Host header, without port or brackets. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
