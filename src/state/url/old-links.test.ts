import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KEYS, parseSearch, parseUrl, printUrl, readUrl } from './codecs.ts';
import { DEFAULT_URL_STATE } from './url-state.ts';
import { CURRENT_VERSION, createUpgrade, type SearchParams, versionOf } from './versions.ts';

interface OldLink {
  readonly link: string;
  /** What it must give, where that is not the default; big integers as `"12n"`. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** Links as they were written, one file for each version. Entries are added, never changed. */
function corpus(version: number): readonly OldLink[] {
  const text = readFileSync(new URL(`corpus/version-${version}.json`, import.meta.url), 'utf8');
  const bigints = (_key: string, value: unknown) =>
    typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
  return JSON.parse(text, bigints) as OldLink[];
}

function read(link: string) {
  const { pathname, search } = new URL(link, 'https://throughline.test');
  return readUrl(pathname, parseSearch(search));
}

for (let version = 1; version <= CURRENT_VERSION; version++) {
  describe(`links of version ${version}`, () => {
    it.each(corpus(version))('$link opens what it showed', ({ link, state }) => {
      const { state: opened, left, cut } = read(link);
      expect(opened).toEqual({ ...DEFAULT_URL_STATE, ...state });
      expect([...left, ...cut]).toEqual([]);
      const again = printUrl(opened);
      expect(parseUrl(again.path, parseSearch(again.search))).toEqual(opened);
    });
  });
}

it('keeps a link of this version for every key', () => {
  const kept = corpus(CURRENT_VERSION).flatMap(({ link }) => [
    ...new URL(link, 'https://throughline.test').searchParams.keys(),
  ]);
  expect(KEYS.filter(key => !kept.includes(key))).toEqual([]);
});

describe('a later version of links', () => {
  const renamed = ({ zoom, ...rest }: SearchParams): SearchParams => (zoom === undefined ? rest : { ...rest, t: zoom });
  const counted = (params: SearchParams): SearchParams => ({ ...params, seen: `${params.seen ?? ''}3` });

  it('reads those of every earlier one through all steps between', () => {
    const upgrade = createUpgrade(3, { 1: renamed, 2: counted });
    expect(upgrade({ zoom: '1~2', q: '{}' })).toEqual({ t: '1~2', q: '{}', seen: '3' });
    expect(upgrade({ v: '2', zoom: '1~2' })).toEqual({ v: '2', zoom: '1~2', seen: '3' });
    expect(upgrade({ v: '3', q: '{}' })).toEqual({ v: '3', q: '{}' });
    expect(upgrade({ v: '7', q: '{}' })).toEqual({ v: '7', q: '{}' });
  });

  it('does not start without a step from an earlier one', () => {
    expect(() => createUpgrade(3, { 2: counted })).toThrow('links of version 1 have no upgrader');
  });

  it('takes what is no version for the first', () => {
    for (const v of ['', '0', '-1', '1.5', 'x', '99999']) expect(versionOf({ v })).toBe(1);
  });
});
