import { describe, expect, it } from 'vitest';
import { NOTHING_TYPED, rowStartingWith, typed } from './type-ahead.ts';

describe('typing ahead', () => {
  it('begins with a point, goes on with letters, ends with a pause', () => {
    const begun = typed(NOTHING_TYPED, '.', 1000, false);
    expect(begun).toEqual({ text: '', atMs: 1000, open: true });
    const letter = typed(begun!, 'P', 1300, false);
    expect(letter?.text).toBe('p');
    expect(typed(letter!, 'o', 1600, false)?.text).toBe('po');
    expect(typed(letter!, 'o', 9000, false)).toBeUndefined();
    expect(typed(letter!, 'Enter', 1400, false)).toBeUndefined();
  });

  it('leaves single letters to commands unless those are off', () => {
    expect(typed(NOTHING_TYPED, 'p', 0, false)).toBeUndefined();
    expect(typed(NOTHING_TYPED, 'p', 0, true)?.text).toBe('p');
    expect(typed(NOTHING_TYPED, '*', 0, true)).toBeUndefined();
  });

  it('finds the next row, round the end', () => {
    const names = ['POST /a', 'GET /b', 'POST /c', 'publish'];
    const find = (text: string, from: number) => rowStartingWith(text, from, names.length, index => names[index]);
    expect(find('p', 0)).toBe(2);
    expect(find('pu', 2)).toBe(3);
    expect(find('po', 2)).toBe(2);
    expect(find('g', 2)).toBe(1);
    expect(find('pp', 2)).toBe(3);
    expect(find('x', 0)).toBeUndefined();
    expect(rowStartingWith('x', 0, 0, () => '')).toBeUndefined();
  });
});
