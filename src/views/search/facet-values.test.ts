import { describe, expect, it } from 'vitest';
import type { Filter } from '#domain/search/filter.ts';
import { barWidths, countSentence, type FacetLine, facetValues } from './facet-values.ts';
import { fieldOfTag } from './field-of-tag.ts';

const line = (value: string, traces?: number, errorTraces = 0): FacetLine => ({
  type: 'string',
  value,
  ...(traces !== undefined && { traces, errorTraces }),
});
const chip = (value: string, op: '=' | '!=' = '='): Filter => ({
  field: { kind: 'service' },
  op,
  values: [{ type: 'string', value }],
});

describe('the lines of a facet', () => {
  it('stand as they are counted, chosen ones first', () => {
    const known = [line('a', 9), line('b', 5), line('c', 1)];
    const shown = facetValues(known, [chip('c')], { kind: 'service' }, '');
    expect(shown.map(({ value, traces }) => [value, traces])).toEqual([
      ['c', 1],
      ['a', 9],
      ['b', 5],
    ]);
  });

  it('keep a chosen value that no trace has: counted as none only where all values are known', () => {
    const chips = [chip('gone', '!=')];
    expect(facetValues([line('a', 9)], chips, { kind: 'service' }, '', true)[0]).toMatchObject({ traces: 0 });
    expect(facetValues([line('a', 9)], chips, { kind: 'service' }, '', false)[0]?.traces).toBeUndefined();
  });

  it('narrow by text in any case and keep closed sets in order', () => {
    expect(facetValues([line('Alpha', 1), line('beta', 1)], [], { kind: 'service' }, ' ALP ')).toHaveLength(1);
    const status = facetValues([line('unset', 9), line('error', 1)], [], { kind: 'status' }, '');
    expect(status.map(({ value }) => value)).toEqual(['error', 'unset']);
  });
});

describe('bars', () => {
  it('are relative to the largest, and never vanish', () => {
    expect(barWidths(line('a', 100, 50), 100, 36)).toEqual({ all: 36, errors: 18 });
    expect(barWidths(line('a', 1, 1), 100_000, 36)).toEqual({ all: 1, errors: 1 });
    expect(barWidths(line('a', 0), 100, 36)).toEqual({ all: 0, errors: 0 });
    expect(barWidths(line('a'), 0, 36)).toEqual({ all: 0, errors: 0 });
  });

  it('say what they count', () => {
    expect(countSentence(line('a', 1), false)).toBe('1 trace');
    expect(countSentence(line('a', 36_349, 755), false)).toBe('36,349 traces, 755 with a failed span of it');
    expect(countSentence(line('a', 36_349), true)).toBe('About 36,349 traces');
    expect(countSentence(line('a'), false)).toBe('Not counted');
  });
});

describe('names of fields', () => {
  it.each([
    ['status', { kind: 'status' }],
    ['resource.service.name', { kind: 'service' }],
    ['baggage.tenant.id', { kind: 'baggage', key: 'tenant.id' }],
    ['span."odd key"', { kind: 'attribute', scope: 'span', key: 'odd key' }],
    ['statusMessage', undefined],
    ['nonsense', undefined],
    ['} | select(x', undefined],
  ])('%s', (tag, field) => {
    expect(fieldOfTag(tag)).toEqual(field);
  });
});
