import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_BYTES, readHostMessage } from './host-messages.ts';
import { hostOrigins, originOfHost } from './host-origin.ts';

describe('messages of a host', () => {
  test.each([
    [{ type: 'hello' }, { type: 'hello' }],
    [
      { type: 'theme', theme: 'auto' },
      { type: 'theme', theme: 'auto' },
    ],
    [
      { type: 'range', from: 'now-6h', to: 'now' },
      { type: 'range', from: 'now-6h', to: 'now' },
    ],
    [
      { type: 'query', query: '{ status = error }' },
      { type: 'query', query: '{ status = error }' },
    ],
    [
      { type: 'select', span: '00f067aa0ba902b7' },
      { type: 'select', span: '00f067aa0ba902b7' },
    ],
    [
      { type: 'select', span: null },
      { type: 'select', span: undefined },
    ],
  ])('%j', (message, read) => {
    expect(readHostMessage({ throughline: 1, ...message })).toMatchObject(read);
  });

  test.each([
    { type: 'hello' },
    { throughline: 2, type: 'hello' },
    { throughline: '1', type: 'hello' },
    { throughline: 1, type: 'hello', more: 1 },
    { throughline: 1, type: 'theme', theme: 'pink' },
    { throughline: 1, type: 'range', from: 'now', to: 'now-1h' },
    { throughline: 1, type: 'range', from: '', to: 'now' },
    { throughline: 1, type: 'range', from: 'now-1h' },
    { throughline: 1, type: 'select', span: 'nonsense' },
    { throughline: 1, type: 'select', span: '0000000000000000' },
    { throughline: 1, type: 'query', query: 'x'.repeat(MOST_BYTES) },
    { throughline: 1, type: 'ready' },
    null,
    undefined,
    'hello',
    [1],
    new Map([['throughline', 1]]),
    { throughline: 1n, type: 'hello' },
  ])('no message: %s', data => {
    expect(readHostMessage(data)).toBeUndefined();
  });

  test('whatever is posted, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), data => {
        readHostMessage(data);
        readHostMessage({ throughline: 1, type: 'query', query: data });
      }),
    );
  });
});

describe('the origin of a host', () => {
  const allowed = hostOrigins('https://traces.example', ['https://wiki.example']);

  test.each([
    [{ ancestorOrigins: ['https://wiki.example'], referrer: '' }, 'https://wiki.example'],
    [{ ancestorOrigins: ['https://traces.example'], referrer: '' }, 'https://traces.example'],
    [{ ancestorOrigins: undefined, referrer: 'https://wiki.example/page?x=1' }, 'https://wiki.example'],
    // The nearest page decides, not one further out.
    [{ ancestorOrigins: ['https://evil.example', 'https://wiki.example'], referrer: '' }, undefined],
    [{ ancestorOrigins: ['https://wiki.example.evil.example'], referrer: '' }, undefined],
    [{ ancestorOrigins: ['null'], referrer: 'https://wiki.example/' }, undefined],
    [{ ancestorOrigins: undefined, referrer: '' }, undefined],
    [{ ancestorOrigins: undefined, referrer: 'not an address' }, undefined],
  ])('%j is %s', (named, origin) => {
    expect(originOfHost(allowed, named)).toBe(origin);
  });

  test('a page of no origin is never one of them', () => {
    expect(hostOrigins('null', ['https://wiki.example']).has('null')).toBe(false);
  });
});
