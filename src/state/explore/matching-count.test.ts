import { expect, it } from 'vitest';
import type { SearchResult } from '#domain/search/trace-summary.ts';
import { matchingCount } from './matching-count.ts';

const listOf = (traces: number, partial?: string) =>
  ({ traces: Array(traces).fill({}), totalTraces: undefined, partial }) as SearchResult;

it('is the length of a list that holds all, and else what was counted', () => {
  expect(matchingCount(150, listOf(153))).toBe(153);
  expect(matchingCount(150, undefined)).toBe(150);
  expect(matchingCount(150, listOf(20, 'the answer is cut'))).toBe(150);
  expect(matchingCount(undefined, listOf(20))).toBeUndefined();
});
