import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyQuery } from '#domain/testing/draw-query.ts';
import { printQuery } from '#domain/traceql/print.ts';
import { traceqlErrorText } from '#domain/traceql/traceql-error.ts';
import { readQuery, validate } from '#domain/traceql/validate.ts';

function errorOf(text: string): string | undefined {
  const read = readQuery(text);
  return read.ok ? undefined : traceqlErrorText(read.error);
}

// The conditions that a real Tempo refuses, in its words where they were observed.
test.each([
  ['{ name = nil }', 'name=nil is not valid because intrinsics cannot be nil'],
  ['{ rootName = nil }', 'rootName=nil is not valid because intrinsics cannot be nil'],
  ['{ resource.service.name = nil }', 'resource.service.name=nil is not valid because intrinsics cannot be nil'],
  ['{ status = "error" }', 'illegal operation for the given types: status = "error"'],
  ['{ kind = "client" }', 'illegal operation for the given types: kind = "client"'],
  ['{ name = 5 }', 'illegal operation for the given types: name = 5'],
  ['{ status > ok }', 'illegal operation for the given types: status > ok'],
  ['{ duration > "1s" }', 'illegal operation for the given types: duration > "1s"'],
  ['{ span.a =~ 5 }', 'illegal operation for the given types: span.a =~ 5'],
  ['{ span.a =~ "[" }', 'invalid regex: missing closing ]'],
  ['{ name }', 'span filter field expressions must resolve to a boolean: { name }'],
  ['{ "x" }', 'span filter field expressions must resolve to a boolean: { "x" }'],
  ['{ 1 }', 'span filter field expressions must resolve to a boolean: { 1 }'],
  ['{ parent = nil }', 'intrinsic (parent) not yet supported'],
  ['{ parent.foo = "x" }', 'scope (parent) not yet supported: parent.foo'],
  ['{ !name }', 'illegal operation for the given types: !name'],
  ['{ true } | by(1)', 'grouping field expressions must reference the span: by(1)'],
  ['{ true } | avg(name) > 1', 'aggregate field expressions must resolve to a number type: avg(name)'],
  ['{ true } | avg(1) > 1', 'aggregate field expressions must reference the span: avg(1)'],
  ['{} | rate() by (.a, .b, .c, .d, .e, .f)', 'metrics group by 6 values not yet supported'],
])('%s: %s', (text, message) => {
  expect(errorOf(text)).toBe(`invalid TraceQL query: ${message}`);
});

test.each([
  ['{ foo = "bar" }', 1, 3, 'unknown identifier: foo'],
  ["{ span.foo = 'bar' }", 1, 14, 'invalid char literal'],
  ['{ span.foo = "bar" | }', 1, 20, 'syntax error: unexpected |'],
  ['{ span.foo == "bar" }', 1, 13, 'syntax error: unexpected ='],
  ['{ span.foo = "bar" and span.n = 5 }', 1, 20, 'syntax error: unexpected IDENTIFIER'],
  ['{ } | rate() by ()', 1, 18, 'syntax error: unexpected )'],
  ['{ } | quantile_over_time(duration)', 1, 34, 'syntax error: unexpected ), expecting ,'],
  ['{ } | topk(2)', 1, 7, 'syntax error: unexpected topk'],
  ['{ span.a = 1\n  && ]', 2, 6, 'unexpected character "]"'],
  ['2 < count()', 1, 1, 'syntax error: unexpected INTEGER'],
  ['{ } | by()', 1, 10, 'syntax error: unexpected )'],
  ['{ } | rate() | rate()', 1, 16, 'syntax error: unexpected rate'],
  ['({ } | count() > 2) && { }', 1, 21, 'syntax error: unexpected &&'],
  ['', 1, 1, 'syntax error: unexpected $end'],
])('%s fails at line %i, column %i', (text, line, column, message) => {
  const read = readQuery(text);
  expect(read.ok ? undefined : [read.error.line, read.error.column, read.error.message]).toEqual([
    line,
    column,
    message,
  ]);
});

test.each([
  '{ span.n }',
  '{ nil = nil }',
  '{ resource.service.name != nil }',
  '{ duration > 100000000 && duration / 2 > 200ms }',
  '{ span.foo = error || span.foo = client }',
  '{ "a" = "b" }',
  '{ 1 + 1 = 2 }',
  '{ baggage.tenant.id = "acme" }',
  '{ span.a =~ "(?i)x|[]a-z]+?|\\\\pL{2,3}\\\\Q[\\\\E" }',
])('%s is sound', text => {
  expect(errorOf(text)).toBeUndefined();
});

test('an error comes with a hint that fixes it', () => {
  const hintOf = (text: string) => {
    const read = readQuery(text);
    return read.ok ? undefined : read.error.hint;
  };
  expect(hintOf('{ foo = "bar" }')).toContain('span.foo');
  expect(hintOf('{ span.a == 1 }')).toContain('single =');
  expect(hintOf("{ span.a = 'x' }")).toContain('double quotes');
  expect(hintOf('{ status = "error" }')).toBe('Write the status without quotes.');
});

test('no query makes validation throw', () => {
  fc.assert(
    fc.property(anyQuery(), query => Array.isArray(validate(query, printQuery(query)))),
    { numRuns: 300 },
  );
});
