import { describe, expect, it } from 'vitest';
import { queryOf } from '#domain/search/filters.ts';
import { traceIdIn } from '#views/shared/trace-id-in.ts';
import { chipText, fieldName } from './field-names.ts';
import { type FoundSuggestion, suggestFound } from './found-suggestions.ts';
import { fieldsOf, type Suggestion, splitOp, suggestFields, suggestValues } from './suggest.ts';

const tags = [
  { name: 'span', tags: ['http.route', 'payment.method'] },
  { name: 'resource', tags: ['service.name', 'service.version'] },
  { name: 'baggage', tags: ['tenant.id'] },
];
const fields = fieldsOf(tags, ['tenant.id', 'user.id', 'baggage.']);
const values = ['payment', 'cart'].map(value => ({
  field: { kind: 'service' } as const,
  value: { type: 'string' as const, value },
}));
const said = (suggestions: readonly Suggestion[]) =>
  suggestions.map(suggestion => {
    if (suggestion.kind === 'trace') return `open ${suggestion.traceId}`;
    if (suggestion.kind === 'span') return `span ${suggestion.spanId}`;
    if (suggestion.kind === 'found') return `found ${suggestion.condition}`;
    if (suggestion.kind === 'filter') return chipText(suggestion.filter);
    const { scope, name } = fieldName(suggestion.field);
    return `${scope ?? ''}:${name}`;
  });
const suggest = (text: string, holding?: readonly FoundSuggestion[]) =>
  said(suggestFields({ text, fields, values, isBaggageKey: () => false, traceId: traceIdIn(text), holding }));

describe('suggestions', () => {
  it('put the fields that hold the text before those that are called like it', () => {
    const example = { type: 'string', value: 'payment' } as const;
    const holding = suggestFound(
      [
        { field: 'resource.service.name', isWhole: true, example, values: 1, traces: 9 },
        { field: 'statusMessage', isWhole: false, example, values: 4 },
      ],
      'payment',
    );
    // The service is offered once, with its count.
    expect(suggest('payment', holding)).toEqual([
      'found resource.service.name = "payment"',
      'found statusMessage =~ "(?i).*payment.*"',
      'span:payment.method',
    ]);
    expect(suggest('no such thing', [])).toEqual([]);
  });

  it('take sixteen digits for a span first, then for a short trace', () => {
    expect(suggest('00F067AA0BA902B7')).toEqual(['span 00f067aa0ba902b7', 'open 000000000000000000f067aa0ba902b7']);
  });

  it('list the simple fields first, then baggage, then attributes', () => {
    expect(suggest('')).toEqual([
      ':status',
      ':service',
      ':operation',
      ':kind',
      ':duration',
      'baggage:tenant.id',
      'baggage:user.id',
      'span:http.route',
      'span:payment.method',
      'resource:service.version',
    ]);
  });

  it('offer a value wherever it is known', () => {
    expect(suggest('pay')).toEqual(['service = payment', 'span:payment.method']);
    expect(suggest('err')).toEqual(['status = error']);
  });

  it('take whole filters and trace ids as they are', () => {
    expect(suggest('http.route=/pay')[0]).toBe('http.route = /pay');
    expect(suggest('4bf92f3577b34da6a3ce929d0e0e4736')[0]).toBe('open 4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('look into operations for text that is nothing else, taken literally', () => {
    const [last] = suggestFields({
      text: 'no (x)',
      fields,
      values,
      isBaggageKey: () => false,
      traceId: undefined,
      holding: undefined,
    });
    expect(last?.kind === 'filter' && queryOf([last.filter])).toBe('{ name =~ ".*no \\\\(x\\\\).*" }');
  });

  it('of a field put listed values before the typed one, a pattern before all, and read an operator before it', () => {
    const field = { kind: 'service' } as const;
    const known = [...'ab'].map(value => ({ type: 'string' as const, value: `svc-${value}` }));
    expect(said(suggestValues(field, 'svc', known))).toEqual(['service = svc-a', 'service = svc-b', 'service = svc']);
    expect(said(suggestValues(field, '=~ svc', known))[0]).toBe('service matches svc');
    expect(said(suggestValues(field, '!= svc-a', known))).toEqual(['service ≠ svc-a']);
    expect(splitOp({ kind: 'duration' }, '> 200ms')).toEqual({ op: '>', rest: '200ms' });
    expect(splitOp({ kind: 'status' }, '> x')).toEqual({ op: '=', rest: '> x' });
  });

  it('of a field without text offer that it exists or is missing', () => {
    expect(said(suggestValues({ kind: 'baggage', key: 'tenant.id' }, '', []))).toEqual([
      'baggage tenant.id exists',
      'baggage tenant.id is missing',
    ]);
  });
});

describe('trace ids in pasted text', () => {
  it.each([
    ['4bf92f3577b34da6a3ce929d0e0e4736', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['https://x.example/trace/4BF92F3577B34DA6A3CE929D0E0E4736?a=1', '4bf92f3577b34da6a3ce929d0e0e4736'],
    [' 0xa3ce929d0e0e4736 ', '0000000000000000a3ce929d0e0e4736'],
    ['4bf92f35-77b3-4da6-a3ce-929d0e0e4736', '4bf92f3577b34da6a3ce929d0e0e4736'],
  ])('%s', (text, id) => {
    expect(traceIdIn(text)).toBe(id);
  });

  it.each(['', 'deadbeef', 'payment', '0'.repeat(32), '12345678901234567890123456789012345'])('not in “%s”', text => {
    expect(traceIdIn(text)).toBeUndefined();
  });
});
