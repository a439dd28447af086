import { afterEach, describe, expect, it, vi } from 'vitest';
import { choose, parsePrefs, prefsStore } from './prefs-store.ts';
import { fakeStorage } from './testing/fake-storage.ts';

const defaults = { theme: 'system', zone: 'local', singleKeys: true, widths: {}, facets: [], latency: true };

describe('stored preferences', () => {
  it('fall back field by field', () => {
    expect(parsePrefs(null)).toEqual(defaults);
    expect(parsePrefs('{{')).toEqual(defaults);
    expect(parsePrefs('[]')).toEqual(defaults);
    expect(parsePrefs('"dark"')).toEqual(defaults);
    expect(parsePrefs('{"theme":"purple","zone":7,"singleKeys":"no","widths":{"a":-1,"b":"x","c":300}}')).toEqual({
      ...defaults,
      widths: { c: 300 },
    });
    expect(parsePrefs('{"theme":"dark","zone":"utc","singleKeys":false}')).toEqual({
      theme: 'dark',
      zone: 'utc',
      singleKeys: false,
      widths: {},
      facets: [],
      latency: true,
    });
    expect(parsePrefs('{"facets":["span.a",7,"span.b"]}')).toEqual({ ...defaults, facets: ['span.a', 'span.b'] });
    expect(parsePrefs('{"latency":false}')).toEqual({ ...defaults, latency: false });
    expect(parsePrefs('{"facets":"span.a"}')).toEqual(defaults);
    expect(parsePrefs('{"name":"Ada","pinOnShare":false}')).toEqual({ ...defaults, name: 'Ada', pinOnShare: false });
    expect(parsePrefs('{"name":7,"pinOnShare":"yes"}')).toEqual(defaults);
  });
});

describe('a choice', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('leaves alone what another tab chose meanwhile', () => {
    const storage = fakeStorage();
    vi.stubGlobal('localStorage', storage);
    choose({ theme: 'dark' });
    storage.setItem('throughline.prefs.v1', JSON.stringify({ theme: 'dark', zone: 'utc' }));
    choose({ singleKeys: false });
    expect(parsePrefs(storage.getItem('throughline.prefs.v1'))).toEqual({
      ...defaults,
      ...{ theme: 'dark', zone: 'utc', singleKeys: false },
    });
    expect(prefsStore.getState()).toMatchObject({ theme: 'dark', singleKeys: false });
  });
});
