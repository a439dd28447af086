import { describe, expect, it } from 'vitest';
import { queryOfBox } from './box-query.ts';

const open = { fromUnixNano: undefined, toUnixNano: undefined, minNs: undefined, maxNs: undefined };
const box = { ...open, minNs: 200_000_000, maxNs: 2_000_000_000 };

describe('the query of a box', () => {
  it.each([
    ['{}', 'spans', '{ duration >= 200ms && duration < 2s }'],
    ['{ status = error }', 'spans', '{ status = error && duration >= 200ms && duration < 2s }'],
    ['{}', 'traces', '{ nestedSetParent < 0 && duration >= 200ms && duration < 2s }'],
    [
      '{ status = error || kind = server }',
      'traces',
      '{ status = error || kind = server } && { nestedSetParent < 0 && duration >= 200ms && duration < 2s }',
    ],
    [
      '{ name = "a" } >> { name = "b" } | count() > 2',
      'traces',
      '({ name = "a" } >> { name = "b" } | count() > 2) && ({ nestedSetParent < 0 && duration >= 200ms && duration < 2s })',
    ],
    ['{ not a query', 'traces', '{ not a query'],
  ] as const)('%s by %s', (query, of, expected) => expect(queryOfBox(query, box, of)).toBe(expected));

  it('of a stretch of time alone is the query itself', () => {
    expect(queryOfBox('{ status = error }', open, 'traces')).toBe('{ status = error }');
    expect(queryOfBox('{}', { ...open, minNs: 5 }, 'spans')).toBe('{ duration >= 5ns }');
  });
});
