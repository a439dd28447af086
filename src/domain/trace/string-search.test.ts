import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StringSearch } from './string-search.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'Ä', 'ä', 'ß', ' '), maxLength: 6 });

it('finds what a plain reading finds, whatever was looked for before', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), fc.array(word, { maxLength: 12 }), (strings, texts) => {
      const search = new StringSearch(strings);
      for (const text of texts) {
        const wanted = text.toLowerCase();
        const expected = strings.map(each => (wanted !== '' && each.toLowerCase().includes(wanted) ? 1 : 0));
        expect(Array.from(search.holding(text))).toEqual(expected);
      }
    }),
  );
});

it('answers the next letter from what the text before it left', () => {
  let read = 0;
  const strings = ['GET /cart', 'GET /user', 'SELECT'].map(text => ({
    toLowerCase: () => {
      read++;
      return text.toLowerCase();
    },
  }));
  const search = new StringSearch(strings as unknown as string[]);
  expect(Array.from(search.holding('get'))).toEqual([1, 1, 0]);
  expect(Array.from(search.holding('get /c'))).toEqual([1, 0, 0]);
  expect(read).toBe(5);
});
