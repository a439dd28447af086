import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText } from './csv.ts';

test('cells are quoted where they must be, and numbers stay numbers', () => {
  expect(
    csvText(
      ['from', 'calls'],
      [
        ['a, "b"', 3],
        ['line\nbreak', -1.5],
        [undefined as never, Number.NaN],
      ],
    ),
  ).toBe('from,calls\r\n"a, ""b""",3\r\n"line\nbreak",-1.5\r\n,\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j does not run as a formula', text => {
  expect(csvText(['x'], [[text]])).toMatch(/^x\r\n"?'/);
});

test('what is read back is what was written, but for the mark before formulas', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 2 })), rows => {
      const written = rows.map(row => row.map(text => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)));
      expect(readCsv(csvText(['a', 'b'], rows))).toEqual([['a', 'b'], ...written]);
    }),
  );
});

/** By RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
