import { describe, expect, it } from 'vitest';
import { baggageOf, parseBaggageHeader } from './baggage.ts';
import type { SpanDetail } from './span-details.ts';
import type { Attribute } from './trace-table.ts';

describe('the W3C header', () => {
  it('is a list of members, percent-decoded, without properties', () => {
    expect(parseBaggageHeader('tenant.id=acme, user.id = Am%C3%A9lie%2C%20A ;ttl=5;x , empty=,a=b=c')).toEqual([
      ['tenant.id', 'acme'],
      ['user.id', 'Amélie, A'],
      ['empty', ''],
      ['a', 'b=c'],
    ]);
  });

  it('keeps what is not percent-encoded rightly, and skips what is no member', () => {
    expect(parseBaggageHeader('k=100%,,novalue,=x,j=%zz')).toEqual([
      ['k', '100%'],
      ['j', '%zz'],
    ]);
    expect(parseBaggageHeader('')).toEqual([]);
  });
});

describe('the baggage of a span', () => {
  const text = (key: string, value: string): Attribute => ({ key, value: { type: 'string', value } });
  const detail = (attributes: readonly Attribute[], events: readonly (readonly Attribute[])[] = []): SpanDetail => ({
    attributes,
    events: events.map(list => ({ attributes: list, droppedAttributes: 0 })),
    links: [],
    kind: 1,
    statusCode: 0,
  });
  const keys = ['tenant.id', 'baggage.'];

  it('comes from configured keys, on the span and its resource', () => {
    const attributes = [text('tenant.id', 'acme'), text('other', 'x'), text('baggage.plan', 'pro')];
    expect(baggageOf(detail(attributes), [], [text('tenant.id', 'acme'), text('service.name', 's')], keys)).toEqual([
      ['plan', 'pro'],
      ['tenant.id', 'acme'],
    ]);
  });

  it('comes from a captured header, one string or several', () => {
    const header: Attribute = {
      key: 'http.request.header.baggage',
      value: {
        type: 'list',
        value: [
          { type: 'string', value: 'a=1' },
          { type: 'string', value: 'b=2' },
        ],
      },
    };
    expect(baggageOf(detail([header]), [], [], keys)).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  it('comes from Jaeger’s log events, by name or by attribute', () => {
    const events = [
      [text('key', 'a'), text('value', '1')],
      [text('event', 'baggage'), text('key', 'b'), text('value', '2')],
      [text('key', 'c'), text('value', '3')],
    ];
    expect(baggageOf(detail([], events), ['baggage', 'log', 'log'], [], keys)).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });
});
