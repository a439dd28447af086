import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filter, FilterField } from '#domain/search/filter.ts';
import { filterFieldKey } from '#domain/search/filter.ts';
import { filtersOf, queryOf } from '#domain/search/filters.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { anyQuery, anyText, withoutPlaces } from '#domain/testing/draw-query.ts';
import { printDuration } from '#domain/traceql/literals.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printQuery } from '#domain/traceql/print.ts';

const string = (value: string): TagValue => ({ type: 'string', value });
const keyword = (value: string): TagValue => ({ type: 'keyword', value });

test.each<[string, readonly Filter[], string | undefined]>([
  ['', [], undefined],
  ['{}', [], undefined],
  ['{ status = error }', [{ field: { kind: 'status' }, op: '=', values: [keyword('error')] }], undefined],
  [
    '{ resource.service.name = "payment" && baggage.tenant.id = "acme" && status != ok }',
    [
      { field: { kind: 'service' }, op: '=', values: [string('payment')] },
      { field: { kind: 'baggage', key: 'tenant.id' }, op: '=', values: [string('acme')] },
      { field: { kind: 'status' }, op: '!=', values: [keyword('ok')] },
    ],
    undefined,
  ],
  [
    '{ (kind = server || kind = client) && duration > 1.5s }',
    [
      { field: { kind: 'kind' }, op: '=', values: [keyword('server'), keyword('client')] },
      { field: { kind: 'duration' }, op: '>', values: [{ type: 'duration', value: '1500ms' }] },
    ],
    undefined,
  ],
  [
    '{ name != "a" && span.x = 1 && name != "b" }',
    [
      { field: { kind: 'operation' }, op: '!=', values: [string('a'), string('b')] },
      { field: { kind: 'attribute', scope: 'span', key: 'x' }, op: '=', values: [{ type: 'int', value: '1' }] },
    ],
    undefined,
  ],
  [
    '{ span.x != nil && .y = nil }',
    [
      { field: { kind: 'attribute', scope: 'span', key: 'x' }, op: 'exists', values: [] },
      { field: { kind: 'attribute', scope: 'any', key: 'y' }, op: 'missing', values: [] },
    ],
    undefined,
  ],
  [
    '{ status = error && span.a + 1 > 2 } | count() > 2',
    [{ field: { kind: 'status' }, op: '=', values: [keyword('error')] }],
    '{ span.a + 1 > 2 } | count() > 2',
  ],
  [
    '{ status = error } && ({ name = "a" } >> { name = "b" })',
    [{ field: { kind: 'status' }, op: '=', values: [keyword('error')] }],
    '{ name = "a" } >> { name = "b" }',
  ],
  ['{ status = error } && { name = "b" }', [], '{ status = error } && { name = "b" }'],
  ['{ status = "error" }', [], '{ status = "error" }'],
  ['{ status = error || name = "x" }', [], '{ status = error || name = "x" }'],
  ['{ span.a = ', [], '{ span.a ='],
  ['({} | rate()) / ({} | rate())', [], '({} | rate()) / ({} | rate())'],
])('%s as chips', (query, filters, rest) => {
  expect(filtersOf(query)).toEqual({ filters, rest });
});

test('a paused chip is kept in the query as a comment and not applied', () => {
  const active: Filter = { field: { kind: 'status' }, op: '=', values: [keyword('error')] };
  const paused: Filter = {
    field: { kind: 'attribute', scope: 'span', key: 'a*/b' },
    op: '!=',
    values: [string('%2F */')],
    paused: true,
  };
  const query = queryOf([active, paused]);
  expect(query).toMatch(/^\{ status = error \} \/\* paused: /);
  expect(filtersOf(query)).toEqual({ filters: [active, paused], rest: undefined });
  expect(parseQuery(query).ok).toBe(true);
});

test('chips join text that they cannot express', () => {
  const chip: Filter = { field: { kind: 'status' }, op: '=', values: [keyword('error')] };
  expect(queryOf([chip], '{ span.a + 1 > 2 } | count() > 2')).toBe(
    '{ status = error && span.a + 1 > 2 } | count() > 2',
  );
  expect(queryOf([chip], '{ name = "a" } >> { name = "b" } | rate()')).toBe(
    '{ status = error } && ({ name = "a" } >> { name = "b" }) | rate()',
  );
  expect(queryOf([chip], '({} | rate()) / ({} | rate())')).toBe(
    '({ status = error } | rate()) / ({ status = error } | rate())',
  );
  expect(queryOf([chip], '{ status = ok || name = "x" }')).toBe('{ status = error && (status = ok || name = "x") }');
});

test('a chip that still lacks its value is left out', () => {
  expect(queryOf([{ field: { kind: 'service' }, op: '=', values: [] }])).toBe('{}');
});

const anyFilterField: fc.Arbitrary<FilterField> = fc.oneof(
  fc.constantFrom<FilterField>(
    { kind: 'status' },
    { kind: 'service' },
    { kind: 'operation' },
    { kind: 'kind' },
    { kind: 'duration' },
  ),
  anyText()
    .filter(k => k !== '')
    .map((key): FilterField => ({ kind: 'baggage', key })),
  fc
    .tuple(fc.constantFrom('any', 'span', 'resource', 'event', 'link', 'instrumentation'), anyText())
    .filter(([scope, key]) => key !== '' && !(scope === 'resource' && key === 'service.name'))
    .map(([scope, key]) => ({ kind: 'attribute', scope, key }) as FilterField),
);

const anyString = anyText().map(string);
const anyDuration = fc
  .bigInt({ min: 0n, max: 10n ** 15n })
  .map((ns): TagValue => ({ type: 'duration', value: printDuration(ns) }));
const anyInt = fc
  .bigInt({ min: -(2n ** 62n), max: 2n ** 62n })
  .map((value): TagValue => ({ type: 'int', value: String(value) }));
const anyTyped = fc.oneof(
  anyString,
  anyInt,
  anyDuration,
  fc.constantFrom<TagValue>({ type: 'float', value: '1.5' }, { type: 'float', value: '2.0' }),
);

const anyFilter: fc.Arbitrary<Filter> = anyFilterField.chain(field => {
  const of = (ops: readonly Filter['op'][], value: fc.Arbitrary<TagValue>): fc.Arbitrary<Filter> =>
    fc.record({
      field: fc.constant(field),
      op: fc.constantFrom(...ops),
      values: fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: v => `${v.type}:${v.value}` }),
    });
  switch (field.kind) {
    case 'status':
      return of(['=', '!='], fc.constantFrom('ok', 'error', 'unset').map(keyword));
    case 'kind':
      return of(['=', '!='], fc.constantFrom('client', 'server').map(keyword));
    case 'duration':
      return of(['>', '<', '>=', '<='], anyDuration);
    case 'service':
    case 'operation':
      return of(['=', '!=', '=~', '!~'], anyString);
    default:
      return fc.oneof(
        of(['=', '!=', '>', '<', '>=', '<='], anyTyped),
        fc.constantFrom('exists' as const, 'missing' as const).map((op): Filter => ({ field, op, values: [] })),
      );
  }
});

/** As the bar keeps them: what excludes on one field is one chip. */
const anyFilters = fc.uniqueArray(anyFilter, { maxLength: 4, selector: f => `${f.op} ${filterFieldKey(f.field)}` });

test('chips → query → chips', () => {
  fc.assert(
    fc.property(anyFilters, fc.array(anyFilter, { maxLength: 1 }), (active, paused) => {
      const filters = [...active, ...paused.map(f => ({ ...f, paused: true as const }))];
      expect(filtersOf(queryOf(filters))).toEqual({ filters, rest: undefined });
    }),
    { numRuns: 500 },
  );
});

test('query → chips and rest → query means the same, and the view is stable', () => {
  fc.assert(
    fc.property(anyQuery(), anyFilters, (query, more) => {
      const text = printQuery(query);
      const view = filtersOf(text);
      const again = queryOf(view.filters, view.rest);
      expect(filtersOf(again)).toEqual(view);
      // Without chips nothing may have changed at all.
      if (view.filters.length === 0 && view.rest !== undefined) {
        const [a, b] = [parseQuery(again), parseQuery(text)];
        expect(a.ok && withoutPlaces(a.value)).toEqual(b.ok && withoutPlaces(b.value));
      }
      // Chips added to any rest come back out, except where several queries share them.
      if (query.body.type === 'math' || view.rest === undefined) return;
      const rest = view.rest;
      const added = filtersOf(queryOf(more, rest));
      expect(filtersOf(queryOf(added.filters, added.rest))).toEqual(added);
    }),
    { numRuns: 500 },
  );
});
