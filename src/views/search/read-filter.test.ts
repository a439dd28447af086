import { describe, expect, it } from 'vitest';
import { chipText } from './field-names.ts';
import { baggageMatcher, fieldOfKey, readFilter, readValue } from './read-filter.ts';

const isBaggageKey = baggageMatcher(['tenant.id', 'app.']);
const read = (text: string) => {
  const filter = readFilter(text, isBaggageKey);
  return filter && { text: chipText(filter), type: filter.values[0]?.type };
};

describe('typed filters', () => {
  it.each([
    ['service=payment', 'service = payment', 'string'],
    ['service.name = "pay ment"', 'service = pay ment', 'string'],
    ['status=ERROR', 'status = error', 'keyword'],
    ['kind != client', 'kind ≠ client', 'keyword'],
    ['duration>200ms', 'duration > 200ms', 'duration'],
    ['duration >= 1.5 s', 'duration ≥ 1.5s', 'duration'],
    ['duration > 200', 'duration > 200ms', 'duration'],
    ['tenant.id=acme', 'baggage tenant.id = acme', 'string'],
    ['app.flavour=x', 'baggage app.flavour = x', 'string'],
    ['baggage.other=42', 'baggage other = 42', 'string'],
    ['http.response.status_code=500', 'http.response.status_code = 500', 'int'],
    ['span.ratio>0.5', 'span ratio > 0.5', 'float'],
    ['resource.k8s.ready=true', 'resource k8s.ready = true', 'bool'],
    ['url.full=https://a.example/x?y=1', 'url.full = https://a.example/x?y=1', 'string'],
    ['name =~ GET.*', 'operation matches GET.*', 'string'],
  ])('%s', (text, chip, type) => {
    expect(read(text)).toEqual({ text: chip, type });
  });

  it.each(['payment', 'a=', '=b', 'status=broken', 'kind>server', 'duration>soon', '{ a = 1 }', 'a b=c'])(
    'leaves “%s” to the suggestions',
    text => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('takes the type that the source lists for a value', () => {
    const field = fieldOfKey('span.code', isBaggageKey)!;
    expect(readValue(field, '=', '200', [{ type: 'string', value: '200' }])).toEqual({ type: 'string', value: '200' });
    expect(readValue(field, '=', '201', [{ type: 'string', value: '200' }])).toEqual({ type: 'string', value: '201' });
    expect(readValue(field, '=', '201')).toEqual({ type: 'int', value: '201' });
  });
});
