import { parseSpanId, parseTraceId } from '#domain/ids.ts';
import { parseBound } from '#domain/time/range.ts';
import { parseTimeZone } from '#domain/time/zone.ts';
import type { Codec } from './codec.ts';
import { graphFocus, graphHide, graphPart } from './graph-codecs.ts';
import {
  DEFAULT_URL_STATE,
  type Fold,
  type Folds,
  type LatencyBox,
  type Page,
  type Sort,
  type SortColumn,
  type TimeSpan,
  type UrlState,
  type WindowMs,
} from './url-state.ts';
import { CURRENT_VERSION, type SearchParams, upgradeParams } from './versions.ts';

type Key = Exclude<keyof UrlState, 'page'>;

const text: Codec<string> = { parse: value => value, print: value => value };

const bound: Codec<string> = {
  parse: value => (parseBound(value).ok ? value : undefined),
  print: value => value,
};

const zone: Codec<string> = {
  parse: value => {
    const parsed = parseTimeZone(value);
    return parsed.ok ? parsed.value : undefined;
  },
  print: value => value,
};

const sourceId: Codec<string> = {
  parse: value => (/^[a-z0-9-]{1,64}$/.test(value) ? value : undefined),
  print: value => value,
};

const flag: Codec<boolean> = {
  parse: value => (value === '1' ? true : value === '0' ? false : undefined),
  print: value => (value ? '1' : '0'),
};

const SORT_COLUMNS: readonly SortColumn[] = ['start', 'duration', 'spans', 'errors', 'services', 'name'];

const sort: Codec<Sort> = {
  parse: value => {
    const match = /^(-?)([a-z]+)$/.exec(value);
    const column = SORT_COLUMNS.find(name => name === match?.[2]);
    return column && { column, descending: match?.[1] === '-' };
  },
  print: value => `${value.descending ? '-' : ''}${value.column}`,
};

const window: Codec<WindowMs | undefined> = {
  parse: value => {
    const match = /^(\d{1,15})~(\d{1,15})$/.exec(value);
    if (!match) return undefined;
    const [startMs, endMs] = [Number(match[1]), Number(match[2])];
    return startMs <= endMs ? { startMs, endMs } : undefined;
  },
  print: value => (value ? `${value.startMs}~${value.endMs}` : ''),
};

/** `fromUnixNano~toUnixNano~minNs~maxNs`, each empty where the box is open; one side at least is not. */
const box: Codec<LatencyBox | undefined> = {
  parse: value => {
    const match = /^(\d{0,19})~(\d{0,19})~(\d{0,15})~(\d{0,15})$/.exec(value);
    if (!match || value === '~~~') return undefined;
    const [fromUnixNano, toUnixNano] = [match[1], match[2]].map(text => (text === '' ? undefined : BigInt(text)));
    const [minNs, maxNs] = [match[3], match[4]].map(text => (text === '' ? undefined : Number(text)));
    if (fromUnixNano !== undefined && toUnixNano !== undefined && fromUnixNano >= toUnixNano) return undefined;
    if (minNs !== undefined && maxNs !== undefined && minNs >= maxNs) return undefined;
    return { fromUnixNano, toUnixNano, minNs, maxNs };
  },
  print: value =>
    value === undefined
      ? ''
      : [value.fromUnixNano, value.toUnixNano, value.minNs, value.maxNs].map(edge => edge ?? '').join('~'),
};

const of: Codec<UrlState['of']> = {
  parse: value => (value === 'traces' || value === 'spans' ? value : undefined),
  print: value => value,
};

const BASELINES: readonly UrlState['vs'][] = ['rest', '1h', '1d', '1w'];

const vs: Codec<UrlState['vs']> = {
  parse: value => BASELINES.find(baseline => baseline === value),
  print: value => value,
};

const GRAPH_BASELINES: readonly UrlState['than'][] = ['previous', 'day', 'week', 'nothing'];

const than: Codec<UrlState['than']> = {
  parse: value => GRAPH_BASELINES.find(baseline => baseline === value),
  print: value => value,
};

const view: Codec<UrlState['view']> = {
  parse: value => (value === 'graph' || value === 'table' ? value : undefined),
  print: value => value,
};

const spanId: Codec<UrlState['span']> = {
  parse: value => {
    const id = parseSpanId(value);
    return id.ok ? id.value : undefined;
  },
  print: value => value ?? '',
};

const timeSpan: Codec<TimeSpan | undefined> = {
  parse: value => {
    const match = /^(\d{1,20})~([1-9]\d{0,15})$/.exec(value);
    return match ? { startUnixNano: BigInt(match[1]), widthNs: Number(match[2]) } : undefined;
  },
  print: value => (value ? `${value.startUnixNano}~${value.widthNs}` : ''),
};

const FOLD_SIGN: Readonly<Record<Fold['kind'], string>> = { span: '', repeats: 'x', missing: 'm' };
const FOLD_KIND: Readonly<Record<string, Fold['kind']>> = { '': 'span', x: 'repeats', m: 'missing' };

/** `2~00f067aa0ba902b7~x53995c3f42cd8ad8`: open to level 2, except for a span and the repeats that begin with another. */
const folds: Codec<Folds> = {
  parse: value => {
    const [start = '', ...rest] = value.split('~');
    if (!/^(all|[1-9]\d{0,5})?$/.test(start)) return undefined;
    const flipped: Fold[] = [];
    for (const each of rest) {
      const match = /^([xm]?)([0-9a-f]{16})$/.exec(each);
      const id = match ? parseSpanId(match[2]!) : undefined;
      if (id?.ok) flipped.push({ kind: FOLD_KIND[match![1]!]!, id: id.value });
    }
    return { base: start === '' ? 'first' : start === 'all' ? 'all' : Number(start), flipped };
  },
  print: ({ base, flipped }) =>
    [base === 'first' ? '' : String(base), ...flipped.map(({ kind, id }) => FOLD_SIGN[kind] + id)].join('~'),
};

const tab: Codec<UrlState['tab']> = {
  parse: value => (value === 'details' || value === 'json' ? value : undefined),
  print: value => value,
};

const CODECS: { readonly [K in Key]: Codec<UrlState[K]> } = {
  src: sourceId,
  q: text,
  from: bound,
  to: bound,
  tz: zone,
  sort,
  live: flag,
  of,
  box,
  vs,
  // What is no field is told by the page: the parser would weigh on every start.
  split: text,
  focus: graphFocus,
  than,
  view,
  hide: graphHide,
  pick: graphPart,
  all: flag,
  by: text,
  at: window,
  span: spanId,
  t: timeSpan,
  find: text,
  only: flag,
  folds,
  group: flag,
  path: flag,
  tab,
};

const KEYS = Object.keys(CODECS) as Key[];

/** Parameters that mean something on one page only; elsewhere they are neither read nor written. */
const ONLY_ON: Partial<Record<Key, Page['name']>> = {
  live: 'explore',
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
  by: 'graph',
  at: 'trace',
  span: 'trace',
  t: 'trace',
  find: 'trace',
  only: 'trace',
  folds: 'trace',
  group: 'trace',
  path: 'trace',
  tab: 'trace',
};

/** Reads a location. `path` is relative to the base and starts with '/'. Every key is read alone. */
export function parseUrl(path: string, params: SearchParams): UrlState {
  const page = parsePath(path);
  const known = upgradeParams(params);
  const state: Record<string, unknown> = { ...DEFAULT_URL_STATE, page };
  for (const key of KEYS) {
    const value = known[key];
    if (value === undefined || !belongs(key, page)) continue;
    const parsed = CODECS[key].parse(value);
    if (parsed !== undefined) state[key] = parsed;
  }
  return state as unknown as UrlState;
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

function belongs(key: Key, page: Page): boolean {
  const only = ONLY_ON[key];
  return only === undefined || only === page.name;
}

function parsePath(path: string): Page {
  if (path === '/' || path === '') return { name: 'explore' };
  if (/^\/graph\/?$/.test(path)) return { name: 'graph' };
  if (/^\/store\/?$/.test(path)) return { name: 'store' };
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
