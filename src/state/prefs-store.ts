import { createStore } from 'zustand/vanilla';
import { MAX_NAME_LENGTH } from '#domain/api/pin-api.ts';
import { MOST_FACETS } from './url/url-state.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** What the reader chose to keep. Written to localStorage by explicit choice only. */
export interface Prefs {
  readonly theme: ThemeChoice;
  /** `local`, `utc` or an IANA name. */
  readonly zone: string;
  /** Hotkeys without a modifier. */
  readonly singleKeys: boolean;
  /** Widths in CSS px by name, such as `waterfall.tree`. */
  readonly widths: Readonly<Record<string, number>>;
  /** Attributes that the reader added to the facets, in TraceQL: `span.http.route`. */
  readonly facets: readonly string[];
  /** Whether the explore page shows latencies over time. */
  readonly latency: boolean;
  /** Who pins, as they call themselves; absent where they have not said. */
  readonly name?: string;
  /** Whether a trace that is shared is pinned; absent: as the server is configured. */
  readonly pinOnShare?: boolean;
}

const STORAGE_KEY = 'throughline.prefs.v1';
const DEFAULTS: Prefs = { theme: 'system', zone: 'local', singleKeys: true, widths: {}, facets: [], latency: true };

export const prefsStore = createStore<Prefs>(() => read());

/** Applies and keeps a choice of the reader. */
export function choose(change: Partial<Prefs>): void {
  prefsStore.setState(change);
  try {
    // Another tab may have chosen something else meanwhile.
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ ...read(), ...change }));
  } catch {
    // Storage may be off or full; the choice then lasts as long as the tab.
  }
}

/** Reads stored text; every field that is missing or of another type has its default. */
export function parsePrefs(text: string | null): Prefs {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '');
  } catch {
    return DEFAULTS;
  }
  if (typeof stored !== 'object' || stored === null) return DEFAULTS;
  const { theme, zone, singleKeys, widths, facets, latency, name, pinOnShare } = stored as Record<string, unknown>;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : DEFAULTS.theme,
    zone: typeof zone === 'string' && zone !== '' ? zone : DEFAULTS.zone,
    singleKeys: typeof singleKeys === 'boolean' ? singleKeys : DEFAULTS.singleKeys,
    widths: parseWidths(widths),
    facets: Array.isArray(facets) ? facets.filter(field => typeof field === 'string').slice(0, MOST_FACETS) : [],
    latency: typeof latency === 'boolean' ? latency : DEFAULTS.latency,
    ...(typeof name === 'string' && name !== '' && { name: name.slice(0, MAX_NAME_LENGTH) }),
    ...(typeof pinOnShare === 'boolean' && { pinOnShare }),
  };
}

function parseWidths(widths: unknown): Record<string, number> {
  if (typeof widths !== 'object' || widths === null) return {};
  return Object.fromEntries(
    Object.entries(widths).filter((entry): entry is [string, number] => Number.isFinite(entry[1]) && entry[1] > 0),
  );
}

function read(): Prefs {
  try {
    return parsePrefs(globalThis.localStorage?.getItem(STORAGE_KEY) ?? null);
  } catch {
    return DEFAULTS;
  }
}
