import type { ServerConfig } from '#domain/api/server-api.ts';
import { SourceError } from './trace-source.ts';

/**
 * The configuration of the static form: `config.json` beside the page. Without one there are no sources, which is no
 * failure: files can still be opened. Rejects with a `SourceError` that names the field and the remedy.
 */
export async function readStaticConfig(base: string, { signal }: { signal: AbortSignal }): Promise<ServerConfig> {
  const line = `GET ${base}config.json`;
  const response = await fetch(`${base}config.json`, { headers: { accept: 'application/json' }, signal }).catch(
    (cause: unknown) => {
      if (signal.aborted) throw cause;
      throw new SourceError('unreachable', 'config.json could not be fetched', `${line}\n${String(cause)}`);
    },
  );
  const { parseStaticConfig } = await import('./static-config-schema.ts');
  if (response.status === 404) return parseStaticConfig({});
  if (!response.ok) {
    throw new SourceError('server', `The web server answered ${response.status} for config.json`, line);
  }
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // A web server that answers everything with the page has no config.json either.
    if (/^\s*<(!doctype|html)/i.test(text)) return parseStaticConfig({});
    throw new SourceError(
      'damaged',
      `config.json is not JSON: ${(cause as Error).message}`,
      `${line}\n${text.slice(0, 500)}`,
    );
  }
  return parseStaticConfig(value);
}
