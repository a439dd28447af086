import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewriteForTempo } from '#domain/search/rewrite-for-tempo.ts';
import { anyQuery } from '#domain/testing/draw-query.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printQuery } from '#domain/traceql/print.ts';

test.each([
  ['{ status = error && baggage.tenant.id = "acme" }', '{ status = error } && { span.tenant.id = "acme" }'],
  ['{ baggage.tenant.id = "acme" }', '{ span.tenant.id = "acme" }'],
  [
    '{ baggage.a = "1" && (baggage.b = "2" || baggage.b = "3") && name = "x" }',
    '{ name = "x" } && { span.a = "1" } && { span.b = "2" || span.b = "3" }',
  ],
  [
    '{ status = error && baggage.a = "1" } >> { name = "x" }',
    '({ status = error } >> { name = "x" }) && { span.a = "1" }',
  ],
  ['{ baggage.a = "1" } || { name = "x" }', '{ span.a = "1" } || { name = "x" }'],
  ['{ name = "x" && baggage.a = "1" } || { name = "y" }', '({ name = "x" } && { span.a = "1" }) || { name = "y" }'],
  ['{ status = error && baggage.a = "1" } | rate()', '{ status = error } && { span.a = "1" } | rate()'],
])('%s asks plain Tempo for %s', (query, expected) => {
  expect(rewriteForTempo(query)).toEqual({ query: expected, approximations: [] });
});

test('what cannot be asked exactly is said', () => {
  expect(rewriteForTempo('{ baggage.a = nil }').approximations).toHaveLength(1);
  const mixed = rewriteForTempo('{ status = error || baggage.a = "1" }');
  expect(mixed.query).toBe('{ status = error || span.a = "1" }');
  expect(mixed.approximations).toHaveLength(1);
});

test('other queries, and text that does not parse, come back as they are', () => {
  for (const query of ['{ name = "baggage.x" }', '{ span.a=1 }  // spaced', '{ baggage.a = ']) {
    expect(rewriteForTempo(query).query).toBe(query.includes('"baggage') ? '{ name = "baggage.x" }' : query);
  }
});

test('no baggage scope is left over, and the result parses', () => {
  fc.assert(
    fc.property(anyQuery(), query => {
      if (query.body.type === 'math') return;
      const { query: text } = rewriteForTempo(printQuery(query));
      const parsed = parseQuery(text);
      expect(parsed.ok).toBe(true);
      const { stages } = (parsed as Extract<typeof parsed, { ok: true }>).value.body as Extract<
        typeof query.body,
        { type: 'pipeline' }
      >;
      expect(JSON.stringify(stages, (_, v) => (typeof v === 'bigint' ? String(v) : v))).not.toContain(
        '"scope":"baggage"',
      );
    }),
    { numRuns: 500 },
  );
});
