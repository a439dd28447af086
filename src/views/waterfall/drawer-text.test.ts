import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filtersOf } from '#domain/search/filters.ts';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import type { AttributeValue } from '#domain/trace/trace-table.ts';
import { valueHead, valueText } from '#domain/trace/value-text.ts';
import { baggageTrail, isBaggageKey } from './baggage.ts';
import { linksFrom, linksTo } from './links.ts';
import { prettyJson } from './pretty-json.ts';
import { queryWith } from './query-with.ts';
import { stackParts } from './stack-trace.ts';
import { rowNamed } from './testing/random-trace.ts';

describe('values as text', () => {
  it.each([
    [{ type: 'string', value: '1' }, '1'],
    [{ type: 'int', value: 9_223_372_036_854_775_807n }, '9223372036854775807'],
    [{ type: 'double', value: Number.NaN }, 'NaN'],
    [{ type: 'double', value: -0 }, '-0'],
    [{ type: 'bool', value: false }, 'false'],
    [{ type: 'empty' }, ''],
    [{ type: 'bytes', value: Uint8Array.of(1, 2, 255) }, 'AQL/'],
    [
      {
        type: 'list',
        value: [
          { type: 'string', value: 'a"b' },
          { type: 'map', value: [{ key: '__proto__', value: { type: 'double', value: Infinity } }] },
          { type: 'empty' },
        ],
      },
      '["a\\"b", {"__proto__": "Infinity"}, null]',
    ],
  ] as const)('%o', (value, text) => {
    expect(valueText(value)).toBe(text);
  });

  const { value } = fc.letrec<{ value: AttributeValue }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.record({ type: fc.constant('string' as const), value: fc.string({ unit: 'binary' }) }),
      fc.record({ type: fc.constant('bytes' as const), value: fc.uint8Array() }),
      fc.record({ type: fc.constant('double' as const), value: fc.double() }),
      fc.constant({ type: 'empty' as const }),
      fc.record({ type: fc.constant('list' as const), value: fc.array(tie('value')) }),
      fc.record({
        type: fc.constant('map' as const),
        value: fc.array(fc.record({ key: fc.string(), value: tie('value') })),
      }),
    ),
  }));

  it('the beginning of a text is that of the whole, and says whether it is all', () => {
    fc.assert(
      fc.property(value, fc.nat(60), (each, most) => {
        const whole = valueText(each);
        expect(valueHead(each, most)).toEqual({ text: whole.slice(0, most), isWhole: whole.length <= most });
      }),
    );
  });

  it('indents JSON and leaves everything else', () => {
    expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(prettyJson('{"id": 9223372036854775807, "f": 1.50, "s": "a, {b}: \\"c\\"", "none": {}, "empty": [ ]}')).toBe(
      '{\n  "id": 9223372036854775807,\n  "f": 1.50,\n  "s": "a, {b}: \\"c\\"",\n  "none": {},\n  "empty": []\n}',
    );
    expect(prettyJson('{broken')).toBeUndefined();
    expect(prettyJson('12')).toBeUndefined();
  });
});

describe('baggage', () => {
  it('counts configured keys and prefixes', () => {
    expect(isBaggageKey('tenant.id', ['tenant.id', 'baggage.'])).toBe(true);
    expect(isBaggageKey('baggage.x', ['tenant.id', 'baggage.'])).toBe(true);
    expect(isBaggageKey('tenant.idx', ['tenant.id', 'baggage.'])).toBe(false);
  });

  it('says where it was set, seen and lost', async () => {
    const table = drawTrace(`
      shop    GET / tenant.id=acme       |--------|
      cart      items tenant.id=acme      |--|
      pricing   quote tenant.id=acme         |--|
      ledger      entry                       ||
    `);
    expect(baggageTrail(table, await table.details.column('tenant.id'))).toEqual({
      setIn: 'shop',
      seenIn: ['shop', 'cart', 'pricing'],
      lostBefore: ['ledger'],
    });
    expect(baggageTrail(table, await table.details.column('other'))).toBeUndefined();
  });
});

describe('links', () => {
  const table = drawTrace(`
    shop  GET / #a1            |--------|
    shop    publish #a2         |--|
    mail  send ^ #a3 ~a2 ~a1              |--|
    mail  send again ^ #a4 ~a2                |--|
  `);

  it('are listed both ways', () => {
    expect(linksFrom(table, rowNamed(table, 'send')).map(link => link.spanId)).toEqual([
      '00000000000000a2',
      '00000000000000a1',
    ]);
    expect(linksTo(table, rowNamed(table, 'publish'))).toEqual([
      rowNamed(table, 'send'),
      rowNamed(table, 'send again'),
    ]);
    expect(linksTo(table, rowNamed(table, 'send'))).toEqual([]);
  });
});

describe('stack traces', () => {
  it('fold runs of library frames and keep the rest', () => {
    const parts = stackParts(
      [
        'SocketTimeoutException: Read timed out',
        '    at java.net.SocketInputStream.read(SocketInputStream.java:168)',
        '    at java.net.SocketInputStream.read(SocketInputStream.java:140)',
        '    at sun.security.ssl.SSLSocketInputRecord.read(SSLSocketInputRecord.java:484)',
        '    at shop.payment.PspClient.charge(PspClient.kt:88)',
        '    at java.lang.Thread.run(Thread.java:829)',
        'Caused by: java.io.IOException',
      ].join('\n'),
    );
    expect(parts.map(part => [part.library, part.lines.length])).toEqual([
      [false, 1],
      [true, 3],
      [false, 3],
    ]);
  });

  it.each([
    'Error: x\n    at a (/app/node_modules/x/i.js:1:2)\n    at b (node:internal/x:1:2)\n    at c (node:net:1:2)',
    'Traceback\n  File "/usr/lib/python3.12/site-packages/a.py", line 1\n  File "/x/site-packages/b.py", line 2\n  File "/x/site-packages/c.py", line 3',
  ])('know the frames of other runtimes', text => {
    expect(stackParts(text).map(part => part.library)).toEqual([false, true]);
  });

  it('keep every line', () => {
    const text = 'a\n\tb.go:1\nc';
    expect(stackParts(text).flatMap(part => part.lines)).toEqual(['a', '\tb.go:1', 'c']);
  });
});

describe('filter by this', () => {
  const filter = {
    field: { kind: 'attribute', scope: 'span', key: 'http.route' },
    op: '=',
    values: [{ type: 'string', value: '/cart' }],
  } as const;

  it('adds a chip to the query, once', () => {
    const once = queryWith('{ resource.service.name = "shop" }', filter);
    expect(filtersOf(once).filters.map(each => each.field.kind)).toEqual(['service', 'attribute']);
    expect(queryWith(once, filter)).toBe(once);
  });

  it('leaves what chips cannot say', () => {
    const advanced = '{ span.a = span.b }';
    expect(filtersOf(queryWith(advanced, filter)).rest).toBe(advanced);
  });
});

describe('indented JSON', () => {
  it('says what the text says, and as JavaScript indents it where numbers allow', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), value => {
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, undefined, 2));
      }),
    );
  });
});
