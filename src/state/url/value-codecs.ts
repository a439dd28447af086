import { isStoredId } from '#domain/api/pin-api.ts';
import { parseSpanId } from '#domain/ids.ts';
import { parseBound } from '#domain/time/range.ts';
import { parseTimeZone } from '#domain/time/zone.ts';
import type { Codec } from './codec.ts';
import type { Fold, Folds, LatencyBox, Sort, SortColumn, TimeSpan, UrlState, WindowMs } from './url-state.ts';

export const text: Codec<string> = { parse: value => value, print: value => value };

export const bound: Codec<string> = {
  parse: value => (parseBound(value).ok ? value : undefined),
  print: value => value,
};

export const zone: Codec<string> = {
  parse: value => {
    const parsed = parseTimeZone(value);
    return parsed.ok ? parsed.value : undefined;
  },
  print: value => value,
};

export const sourceId: Codec<string> = {
  parse: value => (/^[a-z0-9-]{1,64}$/.test(value) ? value : undefined),
  print: value => value,
};

export const flag: Codec<boolean> = {
  parse: value => (value === '1' ? true : value === '0' ? false : undefined),
  print: value => (value ? '1' : '0'),
};

const SORT_COLUMNS: readonly SortColumn[] = ['start', 'duration', 'spans', 'errors', 'services', 'name'];

export const sort: Codec<Sort> = {
  parse: value => {
    const match = /^(-?)([a-z]+)$/.exec(value);
    const column = SORT_COLUMNS.find(name => name === match?.[2]);
    return column && { column, descending: match?.[1] === '-' };
  },
  print: value => `${value.descending ? '-' : ''}${value.column}`,
};

export const window: Codec<WindowMs | undefined> = {
  parse: value => {
    const match = /^(\d{1,15})~(\d{1,15})$/.exec(value);
    if (!match) return undefined;
    const [startMs, endMs] = [Number(match[1]), Number(match[2])];
    return startMs <= endMs ? { startMs, endMs } : undefined;
  },
  print: value => (value ? `${value.startMs}~${value.endMs}` : ''),
};

/** `fromUnixNano~toUnixNano~minNs~maxNs`, each empty where the box is open; one side at least is not. */
export const box: Codec<LatencyBox | undefined> = {
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

export const spanId: Codec<UrlState['span']> = {
  parse: value => {
    const id = parseSpanId(value);
    return id.ok ? id.value : undefined;
  },
  print: value => value ?? '',
};

/** Id of a pin; '' is none. */
export const pinId: Codec<string> = {
  parse: value => (isStoredId(value) ? value : undefined),
  print: value => value,
};

export const ordinal: Codec<number> = {
  parse: value => (/^[1-9]\d{0,5}$/.test(value) ? Number(value) : undefined),
  print: String,
};

export const timeSpan: Codec<TimeSpan | undefined> = {
  parse: value => {
    const match = /^(\d{1,20})~([1-9]\d{0,15})$/.exec(value);
    return match ? { startUnixNano: BigInt(match[1]), widthNs: Number(match[2]) } : undefined;
  },
  print: value => (value ? `${value.startUnixNano}~${value.widthNs}` : ''),
};

const FOLD_SIGN: Readonly<Record<Fold['kind'], string>> = { span: '', repeats: 'x', missing: 'm', root: 'r' };
const FOLD_KIND: Readonly<Record<string, Fold['kind']>> = { '': 'span', x: 'repeats', m: 'missing', r: 'root' };

/** `2~00f067aa0ba902b7~x53995c3f42cd8ad8`: open to level 2, except for a span and the repeats that begin with another. */
export const folds: Codec<Folds> = {
  parse: value => {
    const [start = '', ...rest] = value.split('~');
    if (!/^(all|[1-9]\d{0,5})?$/.test(start)) return undefined;
    const flipped: Fold[] = [];
    for (const each of rest) {
      const match = /^([xmr]?)([0-9a-f]{16})$/.exec(each);
      const id = match ? parseSpanId(match[2]!) : undefined;
      if (id?.ok) flipped.push({ kind: FOLD_KIND[match![1]!]!, id: id.value });
    }
    return { base: start === '' ? 'first' : start === 'all' ? 'all' : Number(start), flipped };
  },
  print: ({ base, flipped }) =>
    [base === 'first' ? '' : String(base), ...flipped.map(({ kind, id }) => FOLD_SIGN[kind] + id)].join('~'),
  isWhole: (value, { flipped }) => value.split('~').length === flipped.length + 1,
};
