import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyQuery, anyText } from '#domain/testing/draw-query.ts';
import { MAX_QUERY_LENGTH } from '#domain/traceql/parse.ts';
import { printQuery } from '#domain/traceql/print.ts';
import { readQuery } from '#domain/traceql/validate.ts';

const LONG = MAX_QUERY_LENGTH - 64;
const fill = (open: string, middle: string, close = ''): string => {
  const n = Math.floor((LONG - middle.length) / (open.length + close.length));
  return open.repeat(n) + middle + close.repeat(n);
};

const TOKENS: readonly string[] = [
  ...['{', '}', '(', ')', '|', ',', '-', '!', '*', '=', '=~', '&&', '||', '>>', '!~', '&>', '/*', '//', '\n'],
  ...['span.a', '.b', 'name', 'span:id', '1', '2s', '"x"', 'nil'],
  ...['by', 'rate', 'count', 'with', 'select'],
];

// Each is close to 128 KiB: a parser that recurses overflows its stack, one that rescans takes minutes.
test.each([
  ['open parentheses', '('.repeat(LONG)],
  ['open braces', '{'.repeat(LONG)],
  ['parentheses around nothing', fill('(', '', ')')],
  ['parentheses around a spanset', fill('(', '{}', ')')],
  ['parentheses in braces', `{ ${fill('(', 'true', ')')} }`],
  ['negations', `{ ${fill('!', 'true')} }`],
  ['minuses', `{ ${fill('-', 'span.a')} }`],
  ['powers', `{ true${fill('^1', '')} }`],
  ['sums', `{ span.a${fill('+1', '')} = 1 }`],
  ['a list of values', `{ true${fill('||.a=1', '')} }`],
  ['alternating operators', `{ true${fill('||.a&&(.b', '')} `],
  ['children', `{}${fill('>{}', '')}`],
  ['mixed spansets', `{}${fill('||{}&&{}', '')}`],
  ['nested pipelines', fill('({}|count()>1)&&(', '{}', ')')],
  ['stages', `{}${fill('|{}', '')}`],
  ['type errors', `{ true${fill('&&1', '')} }`],
  ['nested type errors', `{ ${fill('-(', 'true', ')')} }`],
  ['digits', '1'.repeat(LONG)],
  ['a dotted number', `{ .1${'1'.repeat(LONG)} }`],
  ['a duration', `{ ${fill('1n', '')} }`],
  ['quotes', '"'.repeat(LONG)],
  ['escapes', `{ "${fill('\\x41', '')}" = "" }`],
  ['an unterminated string', `{ "${'a'.repeat(LONG)}`],
  ['an unterminated comment', `/*${'/'.repeat(LONG)}`],
  ['comments', fill('/**/', '{}')],
  ['a quoted key', `{ .a${fill('"b"', '')} = 1 }`],
  ['pipelines in pipelines', fill('(', '{}', '|{})')],
  ['metrics arithmetic', `({}|rate())${fill('+1', '')}`],
  ['hints', `{} with (a=1${fill(',a=1', '')})`],
  ['a huge integer', `{ .a = ${'9'.repeat(LONG)} }`],
  ['a huge fraction', `{ .a = 0.${'9'.repeat(LONG)} }`],
  ['a huge exponent', `{ .a = 1e${'9'.repeat(LONG)} }`],
  ['an unterminated raw string', `{ \`${'a'.repeat(LONG)}`],
  ['an unterminated key', `{ .a${fill('"b"', '')}"`],
  ['line ends', `${'\n'.repeat(LONG)}{`],
  ['character classes', `{ name =~ "${fill('[[:', '')}" }`],
  ['a regular expression', `{ name =~ "${fill('(a|[b])*', '')}" }`],
])('128 KiB of %s end in a result or an error', (_, text) => {
  const read = readQuery(text);
  if (read.ok)
    expect(readQuery(printQuery(read.value)).ok || printQuery(read.value).length > MAX_QUERY_LENGTH).toBe(true);
  else expect(read.error.message).not.toBe('');
});

test('128 KiB of any repeated tokens around any others end in a result or an error', () => {
  const piece = fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 4 }).map(parts => parts.join(' '));
  fc.assert(
    fc.property(piece, piece, fc.option(piece, { nil: '' }), (open, middle, close) => {
      const read = readQuery(fill(`${open} `, middle, ` ${close}`));
      if (!read.ok) expect(read.error.message).not.toBe('');
    }),
    { numRuns: 60 },
  );
});

test('longer text is refused', () => {
  const read = readQuery(' '.repeat(MAX_QUERY_LENGTH + 1));
  expect(read.ok ? '' : read.error.message).toBe('query is longer than 128 KiB');
});

test('any text gives a result or an error within the text', () => {
  const tokens = fc.constantFrom(...TOKENS);
  const soup = fc.array(fc.oneof(tokens, anyText()), { maxLength: 40 }).map(parts => parts.join(' '));
  fc.assert(
    fc.property(fc.oneof(soup, fc.string(), anyText()), text => {
      const read = readQuery(text);
      if (read.ok) return;
      const { from, to, line, column } = read.error;
      expect(from >= 0 && from <= to && from <= text.length && line >= 1 && column >= 1).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a damaged query still gives a result or an error', () => {
  fc.assert(
    fc.property(anyQuery(), fc.nat(), fc.nat(3), anyText(), (query, at, cut, insert) => {
      const text = printQuery(query);
      const place = at % (text.length + 1);
      readQuery(text.slice(0, place) + insert + text.slice(place + cut));
    }),
    { numRuns: 300 },
  );
});
