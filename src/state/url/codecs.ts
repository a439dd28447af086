import { isStoredId } from '#domain/api/pin-api.ts';
import { parseTraceId } from '#domain/ids.ts';
import { type Codec, oneOf } from './codec.ts';
import { graphCamera, graphFocus, graphHide, graphOrder, graphPart } from './graph-codecs.ts';
import { ownOrWords, resultColumns, wordList } from './list-codecs.ts';
import { DEFAULT_URL_STATE, MOST_FACETS, type Page, type UrlState } from './url-state.ts';
import {
  bound,
  box,
  flag,
  folds,
  ordinal,
  pinId,
  sort,
  sourceId,
  spanId,
  text,
  timeSpan,
  window,
  zone,
} from './value-codecs.ts';
import { CURRENT_VERSION, type SearchParams, upgradeParams } from './versions.ts';

type Key = Exclude<keyof UrlState, 'page'>;

const CODECS: { readonly [K in Key]: Codec<UrlState[K]> } = {
  src: sourceId,
  q: text,
  from: bound,
  to: bound,
  tz: zone,
  sort,
  cols: resultColumns,
  live: flag,
  form: oneOf(['chips', 'text']),
  facets: ownOrWords(MOST_FACETS),
  shut: wordList(MOST_FACETS + 6),
  value: text,
  chart: oneOf(['shown', 'hidden', 'table', '']),
  of: oneOf(['traces', 'spans']),
  box,
  vs: oneOf(['rest', '1h', '1d', '1w']),
  // What is no field is told by the page: the parser would weigh on every start.
  split: text,
  focus: graphFocus,
  than: oneOf(['previous', 'day', 'week', 'nothing']),
  view: oneOf(['graph', 'table']),
  hide: graphHide,
  pick: graphPart,
  all: flag,
  by: text,
  cam: graphCamera,
  rows: oneOf(['edges', 'nodes']),
  order: graphOrder,
  pin: pinId,
  at: window,
  span: spanId,
  nth: ordinal,
  t: timeSpan,
  mark: timeSpan,
  find: text,
  only: flag,
  folds,
  group: flag,
  path: flag,
  tab: oneOf(['details', 'json']),
  look: text,
  named: text,
};

/** In the order in which they are written. */
export const KEYS = Object.keys(CODECS) as readonly Key[];

/** Parameters that mean something on one page only; elsewhere they are neither read nor written. */
const ONLY_ON: Partial<Record<Key, Page['name']>> = {
  cols: 'explore',
  live: 'explore',
  form: 'explore',
  facets: 'explore',
  shut: 'explore',
  value: 'explore',
  chart: 'explore',
  of: 'explore',
  box: 'explore',
  vs: 'explore',
  split: 'explore',
  focus: 'graph',
  than: 'graph',
  view: 'graph',
  hide: 'graph',
  pick: 'graph',
  all: 'graph',
  cam: 'graph',
  rows: 'graph',
  order: 'graph',
  by: 'graph',
  pin: 'trace',
  at: 'trace',
  span: 'trace',
  nth: 'trace',
  t: 'trace',
  mark: 'trace',
  find: 'trace',
  only: 'trace',
  folds: 'trace',
  group: 'trace',
  path: 'trace',
  tab: 'trace',
  look: 'trace',
  named: 'pins',
};

/** A link as it was understood. */
export interface UrlReading {
  readonly state: UrlState;
  /** Keys whose value could not be read: they have their default. */
  readonly left: readonly Key[];
  /** Keys of lists that were read in part. */
  readonly cut: readonly Key[];
}

/** Reads a location. `path` is relative to the base and starts with '/'. Every key is read alone. */
export function readUrl(path: string, params: SearchParams): UrlReading {
  const page = parsePath(path);
  const known = upgradeParams(params);
  const state: Record<string, unknown> = { ...DEFAULT_URL_STATE, page };
  const left: Key[] = [];
  const cut: Key[] = [];
  for (const key of KEYS) {
    const value = known[key];
    if (value === undefined || !belongs(key, page)) continue;
    const codec: Codec<unknown> = CODECS[key] as Codec<unknown>;
    const parsed = codec.parse(value);
    if (parsed !== undefined) state[key] = parsed;
    // Empty is how some keys say their default.
    else if (value !== printKey(key, DEFAULT_URL_STATE)) left.push(key);
    if (parsed !== undefined && codec.isWhole?.(value, parsed) === false) cut.push(key);
  }
  return { state: state as unknown as UrlState, left, cut };
}

/** As `readUrl`, for those who do not tell what was left out. */
export function parseUrl(path: string, params: SearchParams): UrlState {
  return readUrl(path, params).state;
}

/** The reverse of `parseUrl`: path and search text with '?', '' if all is default. */
export function printUrl(state: UrlState): { path: string; search: string } {
  const params: Record<string, string> = {};
  for (const key of KEYS) {
    if (!belongs(key, state.page)) continue;
    const printed = printKey(key, state);
    if (printed !== printKey(key, DEFAULT_URL_STATE)) params[key] = printed;
  }
  if (CURRENT_VERSION > 1) params.v = String(CURRENT_VERSION);
  return { path: printPath(state.page), search: stringifySearch(params) };
}

/** Search text to plain strings; of a repeated key the first counts. Nothing is guessed to be a number or JSON. */
export function parseSearch(search: string): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(search)) if (!Object.hasOwn(params, key)) params[key] = value;
  return params;
}

export function stringifySearch(params: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (typeof value === 'string') search.append(key, value);
  const printed = search.toString();
  return printed === '' ? '' : `?${printed}`;
}

function printKey<K extends Key>(key: K, state: UrlState): string {
  return CODECS[key].print(state[key]);
}

/** Whether a key means something on a page. */
export function belongs(key: Key, page: Page): boolean {
  const only = ONLY_ON[key];
  return only === undefined || only === page.name;
}

function parsePath(path: string): Page {
  if (path === '/' || path === '') return { name: 'explore' };
  if (/^\/graph\/?$/.test(path)) return { name: 'graph' };
  if (/^\/store\/?$/.test(path)) return { name: 'store' };
  if (/^\/pins\/?$/.test(path)) return { name: 'pins' };
  const pin = /^\/p\/([^/]+?)\/?$/.exec(path)?.[1];
  if (pin !== undefined && isStoredId(pin)) return { name: 'pin', id: pin };
  const match = /^\/trace\/([^/]+)\/?$/.exec(path);
  if (match) {
    const id = parseTraceId(decodeOrRaw(match[1]!));
    if (id.ok) return { name: 'trace', traceId: id.value };
  }
  return { name: 'unknown', path };
}

function printPath(page: Page): string {
  switch (page.name) {
    case 'explore':
      return '/';
    case 'trace':
      return `/trace/${page.traceId}`;
    case 'graph':
      return '/graph';
    case 'store':
      return '/store';
    case 'pins':
      return '/pins';
    case 'pin':
      return `/p/${page.id}`;
    case 'unknown':
      return page.path;
  }
}

function decodeOrRaw(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
