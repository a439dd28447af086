import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filtersOf } from '#domain/search/filters.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import type { FoundValue } from '#state/explore/use-find-value.ts';
import { suggestFound } from './found-suggestions.ts';
import { withCondition } from './with-condition.ts';

const found = (change: Partial<FoundValue>): FoundValue => ({
  field: 'span.url.path',
  isWhole: true,
  example: { type: 'string', value: '/pay' },
  values: 1,
  traces: 3,
  ...change,
});

describe('found values', () => {
  it('are asked for as they are, or by the part that was typed', () => {
    const [whole, only, part, message] = suggestFound(
      [
        found({}),
        found({ isWhole: false, values: 7 }),
        found({ isWhole: false, values: 1, example: { type: 'string', value: '/pay/now' } }),
        found({ field: 'statusMessage', isWhole: false, values: 2 }),
      ],
      ' /pa(y ',
    );
    expect(whole).toMatchObject({ isExact: true, condition: 'span.url.path = "/pay"' });
    expect(part).toMatchObject({ isExact: false, filter: { op: '=~', values: [{ value: '(?i).*/pa\\(y.*' }] } });
    expect(only).toMatchObject({ isExact: true, filter: { op: '=', values: [{ value: '/pay/now' }] } });
    expect(message?.filter).toBeUndefined();
    expect(message?.condition).toBe('statusMessage =~ "(?i).*/pa\\\\(y.*"');
  });

  it('make queries that parse, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.boolean(), (text, isWhole) => {
        const [entry] = suggestFound([found({ isWhole, values: 2, example: { type: 'string', value: text } })], text);
        expect(parseQuery(`{ ${entry!.condition} }`).ok).toBe(true);
      }),
    );
  });
});

describe('one more condition', () => {
  it.each([
    ['{}', '{ statusMessage = "x" }'],
    ['{ status = error }', '{ status = error && statusMessage = "x" }'],
    ['{ status = error || kind = client }', '{ (status = error || kind = client) && statusMessage = "x" }'],
    ['{ status = error } | count() > 2', '{ status = error && statusMessage = "x" } | count() > 2'],
    ['{ kind = client } >> { kind = server }', '{ statusMessage = "x" } && ({ kind = client } >> { kind = server })'],
    ['by(name)', '{ statusMessage = "x" } | by(name)'],
    ['{ } | rate() with (exemplars=true)', '{ statusMessage = "x" } | rate() with (exemplars=true)'],
  ])('joins %s', (query, expected) => {
    const joined = withCondition(query, 'statusMessage = "x"');
    expect(joined).toBe(expected);
    expect(parseQuery(joined!).ok).toBe(true);
  });

  it('joins nothing that is not understood', () => {
    expect(withCondition('{ a', 'statusMessage = "x"')).toBeUndefined();
    expect(withCondition('{}', 'x } | {')).toBeUndefined();
    expect(withCondition('({} | rate()) / ({} | rate())', 'kind = client')).toBeUndefined();
  });

  it('adds a chip where chips can say it', () => {
    expect(filtersOf(withCondition('{ status = error }', 'span.a = "b"')!).filters).toHaveLength(2);
  });
});
