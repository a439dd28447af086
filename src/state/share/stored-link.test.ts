import { describe, expect, it } from 'vitest';
import { parseSearch, printUrl } from '#state/url/codecs.ts';
import { DEFAULT_URL_STATE } from '#state/url/url-state.ts';
import { shortLink, unfoldedSearch } from './stored-link.ts';

const id = '9f2c4b7d1e8a4c3f9b6d2e7a1c5f8b03';
const stored: string[] = [];
const server = {
  storeState: (text: string) => {
    stored.push(text);
    return Promise.resolve({ id });
  },
};

describe('a link', () => {
  it('of ordinary length is passed on as it is', async () => {
    const link = `https://t.example/base/?q=${'x'.repeat(1900)}`;
    expect(await shortLink(link, server)).toBe(link);
    expect(stored).toEqual([]);
  });

  it('that is too long names its state, which gives back the same', async () => {
    const state = { ...DEFAULT_URL_STATE, q: `{ name = "${'ö&=# '.repeat(900)}" }`, tz: 'utc' };
    const { path, search } = printUrl(state);
    const link = `https://t.example/base${path}${search}`;
    const short = await shortLink(link, server);
    expect(short).toBe(`https://t.example/base/?s=${id}`);
    expect(unfoldedSearch({ s: id }, stored[0]!)).toBe(search);
    expect(parseSearch(unfoldedSearch({ s: id, tz: 'local' }, stored[0]!)).tz).toBe('local');
  });
});
