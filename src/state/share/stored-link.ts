import type { ServerApi } from '#sources/server-api-client.ts';
import { parseSearch, stringifySearch } from '#state/url/codecs.ts';
import type { SearchParams } from '#state/url/versions.ts';

/** Longer addresses are cut by some of the programs that pass them on. */
const MOST_CHARACTERS = 2_000;

/** The parameter that names a stored state. */
export const STORED_KEY = 's';

/**
 * An absolute link that is short enough to be passed on: itself, or one that names its state, which is stored with the
 * server. Rejects with a `SourceError` where it cannot be stored.
 */
export async function shortLink(link: string, server: Pick<ServerApi, 'storeState'>): Promise<string> {
  if (link.length <= MOST_CHARACTERS) return link;
  const url = new URL(link);
  const { id } = await server.storeState(url.search);
  url.search = `?${STORED_KEY}=${id}`;
  return url.href;
}

/** Whether a link is to be stored before it is passed on. */
export function isLong(link: string): boolean {
  return link.length > MOST_CHARACTERS;
}

/** The search text that a link with a stored state stands for; what stands beside the name goes before what is stored. */
export function unfoldedSearch(params: SearchParams, stored: string): string {
  const { [STORED_KEY]: _, ...beside } = params;
  return stringifySearch({ ...parseSearch(stored), ...beside });
}
