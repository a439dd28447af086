import { createStore } from 'zustand/vanilla';

const STORAGE_KEY = 'throughline.queries.v1';
const MOST = 50;
/** Longer ones are rather generated than written. */
const LONGEST = 4096;

/** Queries that were asked in this browser, the latest first; each once, at most 50. */
export const queryHistory = createStore<readonly string[]>(() => read() ?? []);

/** Puts a query that was asked at the top. */
export function rememberQuery(query: string): void {
  if (query.trim() === '' || query.length > LONGEST || queryHistory.getState()[0] === query) return;
  // Another tab may have asked something else meanwhile, or forgotten all.
  queryHistory.setState(withQuery(read() ?? queryHistory.getState(), query), true);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(queryHistory.getState()));
  } catch {
    // Storage may be off or full; the list then lasts as long as the tab.
  }
}

/** Forgets them all. */
export function forgetQueries(): void {
  queryHistory.setState([], true);
  try {
    localStorage.removeItem(STORAGE_KEY);
  } catch {
    // As above.
  }
}

export function withQuery(history: readonly string[], query: string): readonly string[] {
  return [query, ...history.filter(other => other !== query)].slice(0, MOST);
}

/** Reads stored text; what is no list of texts is an empty one. */
export function parseHistory(text: string | null): readonly string[] {
  try {
    const stored: unknown = JSON.parse(text ?? '');
    return Array.isArray(stored) ? stored.filter(query => typeof query === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Undefined where the browser keeps nothing. */
function read(): readonly string[] | undefined {
  try {
    return globalThis.localStorage && parseHistory(localStorage.getItem(STORAGE_KEY));
  } catch {
    return undefined;
  }
}
