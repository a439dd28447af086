/**
 * Whether a Throughline server sent this page (`server`) or it lies as a plain file on some web server (`static`), where
 * there is no /api and addresses of pages stand behind a `#`. The server marks the documents that it sends.
 */
export function pageForm(): 'server' | 'static' {
  if (import.meta.env.DEV) return 'server';
  const form = document.querySelector<HTMLMetaElement>('meta[name="throughline-form"]')?.content;
  return form === 'server' ? 'server' : 'static';
}
