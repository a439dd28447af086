import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseHistory, queryHistory, rememberQuery, withQuery } from './query-history.ts';
import { fakeStorage } from './testing/fake-storage.ts';

describe('recent queries', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('of another tab are kept, and stay forgotten where it forgot them', () => {
    const storage = fakeStorage();
    vi.stubGlobal('localStorage', storage);
    rememberQuery('{ a }');
    storage.setItem('throughline.queries.v1', '["{ theirs }","{ a }"]');
    rememberQuery('{ b }');
    expect(queryHistory.getState()).toEqual(['{ b }', '{ theirs }', '{ a }']);
    expect(parseHistory(storage.getItem('throughline.queries.v1'))).toEqual(['{ b }', '{ theirs }', '{ a }']);
    storage.removeItem('throughline.queries.v1');
    rememberQuery('{ c }');
    expect(queryHistory.getState()).toEqual(['{ c }']);
  });

  it('are each once, the latest first, fifty at most', () => {
    expect(withQuery(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
    const many = Array.from({ length: 60 }, (_, i) => `q${i}`).reduce<readonly string[]>(withQuery, []);
    expect(many).toHaveLength(50);
    expect(many[0]).toBe('q59');
  });

  it('survive anything in the storage', () => {
    expect(parseHistory(null)).toEqual([]);
    expect(parseHistory('{{')).toEqual([]);
    expect(parseHistory('{"a":1}')).toEqual([]);
    expect(parseHistory('["a",7,"b"]')).toEqual(['a', 'b']);
  });
});
