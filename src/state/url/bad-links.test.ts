import { describe, expect, it } from 'vitest';
import { belongs, KEYS, readUrl } from './codecs.ts';
import { DEFAULT_URL_STATE, type Page, type UrlState } from './url-state.ts';

/** For each key that can be wrong, values that are; what is free text cannot. */
const BAD: Readonly<Partial<Record<keyof UrlState, readonly string[]>>> = {
  src: ['Prod EU', '../etc', '<b>'],
  from: ['yesterday', 'now-1y', '-5', 'NaN'],
  to: ['tomorrow', 'now+1h'],
  tz: ['Mars/Base'],
  sort: ['colour', '-', '--start'],
  cols: ['', 'colour', 'Spans'],
  live: ['yes', 'true', '2'],
  form: ['sql'],
  chart: ['pie'],
  of: ['logs'],
  box: ['~~~', '2~1~~', '1~2~3', 'a~b~c~d', '-1~2~~'],
  vs: ['2h'],
  focus: ['0~s~web', '12~s~web', 's~web'],
  than: ['month'],
  view: ['list'],
  pick: ['s', 'z~x', 'c~a~s'],
  all: ['all'],
  cam: ['1~2', '1~2~0', '1.5~2~780', 'a~b~c'],
  rows: ['cells'],
  order: ['colour', '--p95'],
  pin: ['abc', '9F2C4B7D1E8A4C3F9B6D2E7A1C5F8B03', '../etc'],
  at: ['5', '9~8', 'a~b'],
  span: ['xyz', '0000000000000000', '00f067aa0ba902b70000'],
  nth: ['0', '-1', '1.5', 'last'],
  t: ['1', '1~0', '-1~5'],
  mark: ['1~', '~5'],
  only: ['x'],
  folds: ['some', '0', '1234567'],
  group: ['no'],
  path: ['no'],
  tab: ['logs'],
};
const FREE: readonly (keyof UrlState)[] = ['q', 'split', 'value', 'find', 'look', 'by', 'named'];
const LISTS = { cols: 'spans~colour', facets: 'a~a', shut: 'a~', hide: 'async~colour', folds: '2~xyz' } as const;

function pathOf(key: (typeof KEYS)[number]): string {
  const pages: readonly [Page['name'], string][] = [
    ['explore', '/'],
    ['graph', '/graph'],
    ['trace', '/trace/7f3c9a1e5b2d48c0a6e4d91b03f7e91a'],
  ];
  return pages.find(([name]) => belongs(key, { name } as Page))![1];
}

describe('a value that cannot be read', () => {
  it('is thought of for every key', () => {
    const known = [...Object.keys(BAD), ...Object.keys(LISTS), ...FREE];
    expect(KEYS.filter(key => !known.includes(key))).toEqual([]);
  });

  it.each(KEYS.flatMap(key => (BAD[key] ?? []).map(bad => [key, bad] as const)))(
    'of %s (%s) is told and has its default; the rest is kept',
    (key, bad) => {
      const path = pathOf(key);
      const other = key === 'q' ? { tz: 'utc' } : { q: '{ kind = server }' };
      const { state, left, cut } = readUrl(path, { [key]: bad, ...other });
      expect(left).toEqual([key]);
      expect(cut).toEqual([]);
      expect(state).toEqual({ ...readUrl(path, {}).state, ...other });
      expect(state[key]).toEqual(DEFAULT_URL_STATE[key]);
    },
  );

  it.each(Object.entries(LISTS))('in a part of %s (%s) is told, and the other parts are kept', (key, bad) => {
    const { cut, left } = readUrl(pathOf(key as keyof typeof LISTS), { [key]: bad });
    expect(cut).toEqual([key]);
    expect(left).toEqual([]);
  });

  it('is none where the key belongs to another page, or is not known, or empty like its default', () => {
    expect(readUrl('/', { span: 'xyz', colour: 'red', utm_source: 'chat' })).toMatchObject({ left: [], cut: [] });
    expect(readUrl('/', { box: '', facets: '', value: '' })).toMatchObject({ left: [], cut: [] });
  });
});
