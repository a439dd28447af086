/**
 * Whether an address names a page that is made to be framed: /embed/…, and, as the embeds of Jaeger's interface ask for
 * them, /trace/<id> and /search with `uiEmbed=v0`. Such pages get the embed's own document, which can change nothing.
 */
export function isEmbedAddress(url: string): boolean {
  const [path = '', search = ''] = url.split('?', 2);
  if (path.startsWith('/embed/')) return true;
  return /^\/(trace\/[^/]+|search)\/?$/.test(path) && new URLSearchParams(search).get('uiEmbed') === 'v0';
}
