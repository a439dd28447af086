import { describe, expect, it } from 'vitest';
import { parseHistory, withQuery } from './query-history.ts';

describe('recent queries', () => {
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
