import { expect, test } from 'vitest';
import { parsePasted } from '#domain/search/pasted.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';

test.each([
  ID,
  ` ${ID.toUpperCase()}\n`,
  '4bf92f35-77b3-4da6-a3ce-929d0e0e4736',
  `0x${ID}`,
  `https://trace.example/trace/${ID}?span=00f067aa0ba902b7`,
  `00-${ID}-00f067aa0ba902b7-01`,
  `level=error trace_id=${ID} msg="payment refused"`,
])('%j holds the trace id', text => {
  expect(parsePasted(text)).toEqual({ kind: 'trace', traceId: ID });
});

test('a trace id that lost its leading zeros is padded', () => {
  expect(parsePasted('f92f3577b34da6a3ce929d0e0e4736')).toEqual({
    kind: 'trace',
    traceId: '00f92f3577b34da6a3ce929d0e0e4736',
  });
});

test('a span id is looked up, TraceQL is taken as it is', () => {
  expect(parsePasted('00F067AA0BA902B7')).toEqual({ kind: 'query', query: '{ span:id = "00f067aa0ba902b7" }' });
  const query = `{ trace:id = "${ID}" }`;
  expect(parsePasted(query)).toEqual({ kind: 'query', query });
  expect(parsePasted('  ')).toEqual({ kind: 'empty' });
});

test.each([
  ['status=error', { kind: 'status' }, '=', 'keyword', 'error'],
  ['service: payment', { kind: 'service' }, '=', 'string', 'payment'],
  ['resource.service.name = "payment"', { kind: 'service' }, '=', 'string', 'payment'],
  [
    'http.response.status_code>=500',
    { kind: 'attribute', scope: 'any', key: 'http.response.status_code' },
    '>=',
    'int',
    '500',
  ],
  ['span.http.route=/cart/{id}', { kind: 'attribute', scope: 'span', key: 'http.route' }, '=', 'string', '/cart/{id}'],
  ['duration>1.5s', { kind: 'duration' }, '>', 'duration', '1.5s'],
  ['tenant.id=007', { kind: 'baggage', key: 'tenant.id' }, '=', 'string', '007'],
  ['baggage.user=ann', { kind: 'baggage', key: 'user' }, '=', 'string', 'ann'],
  ['app.x!=true', { kind: 'baggage', key: 'app.x' }, '!=', 'string', 'true'],
])('%s is a filter', (text, field, op, type, value) => {
  expect(parsePasted(text, { baggageKeys: ['tenant.id', 'app.'] })).toEqual({
    kind: 'filter',
    filter: { field, op, values: [{ type, value }] },
  });
});

test('free text offers the fields that may hold it', () => {
  const pasted = parsePasted('card (declined)', { baggageKeys: ['tenant.id', 'app.'] });
  expect(pasted.kind === 'text' && pasted.suggestions.map(s => [s.field, s.op, s.values[0].value])).toEqual([
    [{ kind: 'operation' }, '=~', '(?i).*card \\(declined\\).*'],
    [{ kind: 'attribute', scope: 'event', key: 'exception.message' }, '=~', '(?i).*card \\(declined\\).*'],
  ]);
  const word = parsePasted('acme', { baggageKeys: ['tenant.id', 'app.'] });
  expect(word.kind === 'text' && word.suggestions.map(s => s.field.kind)).toEqual([
    'service',
    'operation',
    'baggage',
    'attribute',
  ]);
  const url = parsePasted('https://shop.example/cart?id=1');
  expect(url.kind === 'text' && url.suggestions.map(s => s.op)).toEqual(['=', '=']);
});
