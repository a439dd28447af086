import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ResourceRow } from './trace-table.ts';
import { WordSearch } from './word-search.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', 'b', 'Ä', 'ä', 'ß', ' '), maxLength: 6 });

it('finds what a plain reading finds, whatever was looked for before', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), fc.array(word, { maxLength: 12 }), (strings, texts) => {
      const search = new WordSearch(strings, []);
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
  const search = new WordSearch(strings as unknown as string[], []);
  expect(Array.from(search.holding('get'))).toEqual([1, 1, 0]);
  expect(Array.from(search.holding('get /c'))).toEqual([1, 0, 0]);
  expect(read).toBe(5);
});

it('takes a name and a service whole, and looks for words in resources as well', () => {
  const resource = (serviceName: string, host: string): ResourceRow => ({
    ...{ serviceName, schemaUrl: '', droppedAttributes: 0 },
    attributes: [{ key: 'host.name', value: { type: 'string', value: host } }],
  });
  const resources = [resource('cart', 'Node-7'), resource('cartoons', 'node-8')];
  const search = new WordSearch(['', 'GET', 'GET /cart'], resources);
  const hits = (key: string, value: string) => {
    const { strings, resources: rows } = search.hits({ type: 'attribute', key, value });
    return [strings && Array.from(strings), rows && Array.from(rows)];
  };
  expect(hits('name', 'GET')).toEqual([[0, 1, 0], undefined]);
  expect(hits('name', 'get')).toEqual([undefined, undefined]);
  expect(hits('service', 'cart')).toEqual([undefined, [1, 0]]);
  expect(hits('host.name', 'node-8')).toEqual([undefined, [0, 1]]);
  expect(search.hits({ type: 'text', text: 'NODE-7' })).toEqual({ strings: undefined, resources: Uint8Array.of(1, 0) });
  expect(search.hits({ type: 'text', text: 'cart' }).strings, 'may be changed').not.toBe(search.holding('cart'));
});
