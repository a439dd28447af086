import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyQuery, withoutPlaces } from '#domain/testing/draw-query.ts';
import type { Query } from '#domain/traceql/ast.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printQuery } from '#domain/traceql/print.ts';

test('parse ∘ print gives the same tree back', () => {
  fc.assert(
    fc.property(anyQuery(), query => {
      const text = printQuery(query);
      const parsed = parseQuery(text);
      expect(parsed.ok ? withoutPlaces(parsed.value) : `${text}: ${parsed.error.message}`).toEqual(
        withoutPlaces(query),
      );
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['{ } ', '{}'],
  ['{span.a="x"&&(span.b>1||span.c)}', '{ span.a = "x" && (span.b > 1 || span.c) }'],
  ['{ (span.a = 1 && span.b = 2) && span.c = 3 }', '{ (span.a = 1 && span.b = 2) && span.c = 3 }'],
  ['{ ((span.a)) = 0010 }', '{ span.a = 10 }'],
  ['{ span.a - -3 < 1.50e2 }', '{ span.a - -3 < 150.0 }'],
  ['{ (-2) ^ 2 = -2 ^ 2 }', '{ (-2) ^ 2 = -(2 ^ 2) }'],
  ['{ 2 ^ 3 ^ 2 = (2 ^ 3) ^ 2 }', '{ 2 ^ 3 ^ 2 = (2 ^ 3) ^ 2 }'],
  ['{ 1 - (2 - 3) = 1 - 2 - 3 }', '{ 1 - (2 - 3) = 1 - 2 - 3 }'],
  ['{ !(span.a = 1) && !span.b }', '{ !(span.a = 1) && !span.b }'],
  ['{ span."odd key" = `raw "\\d"` }', '{ span."odd key" = "raw \\"\\\\d\\"" }'],
  ['{ ."5xx" = nil || .a."b c".d != nil }', '{ ."5xx" = nil || ."a.b c.d" != nil }'],
  [
    '{ duration > 1h30m && duration < 1500ms && duration != .4s }',
    '{ duration > 90m && duration < 1500ms && duration != 400ms }',
  ],
  ['{ span.max = maxInt || span.max = minInt }', '{ span.max = maxInt || span.max = minInt }'],
  ['{true}>>{false}', '{ true } >> { false }'],
  ['{ span.a = 1 } // why\n&& /* and */ { span.b = 2 }', '{ span.a = 1 } && { span.b = 2 }'],
  ['{} || {} && {} ~ {}', '({} || {}) && ({} ~ {})'],
  ['({} | count() > 1) && ({})', '({} | count() > 1) && ({})'],
  ['(({} | count() > 1)) | avg(duration)>=1s', '{} | count() > 1 | avg(duration) >= 1s'],
  [
    '{} | rate() by(span.a,resource.b) | topk(3) with(exemplars=true)',
    '{} | rate() by (span.a, resource.b) | topk(3) with (exemplars=true)',
  ],
  ['({}|rate())/({}|rate())*100', '(({} | rate()) / ({} | rate())) * 100'],
  ['{} | quantile_over_time(duration, 1, .5)', '{} | quantile_over_time(duration, 1.0, 0.5)'],
])('%s prints as %s', (text, printed) => {
  const parsed = parseQuery(text);
  expect(parsed.ok ? printQuery(parsed.value as Query) : parsed.error).toEqual(printed);
});
