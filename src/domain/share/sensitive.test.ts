import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryTexts } from './query-texts.ts';
import { findSensitive } from './sensitive.ts';

const kinds = (text: string, key = '') => findSensitive([{ where: 'here', key, text }]).map(({ what }) => what);

describe('what looks like a secret or a person’s data', () => {
  it.each([
    ['ada@example.com', 'an e-mail address'],
    ['Bearer abcdefgh12345678', 'a bearer token'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', 'a JSON Web Token'],
    ['AKIAIOSFODNN7EXAMPLE', 'an access key'],
    ['postgres://app:hunter2@db/shop', 'a password in an address'],
    ['4111 1111 1111 1111', 'a card number'],
    ['+49 30 1234567', 'a phone number'],
    ['DE89 3704 0044 0532 0130 00', 'an account number (IBAN)'],
  ])('%s', (text, what) => {
    expect(kinds(text)).toContain(what);
  });

  it.each([
    'acme',
    'GET /v1/payments/4711',
    '7f3c9a1e5b2d48c0a6e4d91b03f7e91a',
    '4111111111111112',
    '2026-09-17T14:12:07Z',
    '450 ms',
    '',
  ])('nothing is said of %j', text => expect(kinds(text)).toEqual([]));

  it('is told by its name, too', () => {
    expect(kinds('x', 'http.request.header.authorization')).toEqual([
      'a value called http.request.header.authorization',
    ]);
    expect(kinds('x', 'user.email')).toEqual(['a value called user.email']);
    expect(kinds('x', 'db.tokens_used')).toEqual([]);
    expect(kinds('', 'user.email')).toEqual([]);
  });

  it('is told once for each place', () => {
    const texts = ['a@example.com', 'b@example.com'].map(text => ({ where: 'baggage user', key: 'user', text }));
    expect(findSensitive(texts)).toEqual([{ where: 'baggage user', kind: 'person', what: 'an e-mail address' }]);
  });

  it('is looked for in any text without failing', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (text, key) => void kinds(text, key)));
  });
});

describe('the texts of a query', () => {
  it('come with the field that they are compared with', () => {
    expect(queryTexts('{ span.user.email = "ada@example.com" && name =~ "a\\"b" } | select(x)')).toEqual([
      { where: 'the query', key: 'user.email', text: 'ada@example.com' },
      { where: 'the query', key: 'name', text: 'a"b' },
    ]);
    expect(queryTexts('{ "half')).toEqual([]);
  });

  it('give back what a condition holds', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(queryTexts(`{ .a = ${JSON.stringify(text)} }`).map(each => each.key)).toEqual(['a']);
      }),
    );
  });
});
