import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorPlace } from './cursor-place.ts';
import { tokenSpans } from './token-spans.ts';

/** `|` stands for the cursor; a pipe of the language is written ¦. */
function placeIn(marked: string) {
  const at = marked.indexOf('|');
  const text = marked.replace('|', '').replaceAll('¦', '|');
  const place = cursorPlace(text, at);
  return place && { ...place, word: text.slice(place.from, place.to) };
}

describe('where the cursor stands', () => {
  it.each([
    ['|', 'start', ''],
    ['{|', 'field', ''],
    ['{ |', 'field', ''],
    ['{ | }', 'field', ''],
    ['{ sta| }', 'field', 'sta'],
    ['{ span.|', 'field', 'span.'],
    ['{ span:| }', 'field', 'span:'],
    ['{ span.http.ro|ute = "x" }', 'field', 'span.http.route'],
    ['{ status = error && | }', 'field', ''],
    ['{ !| }', 'field', ''],
    ['{ status | }', 'operator', ''],
    ['{ span.a |', 'operator', ''],
    ['{ span.a = 1 | }', 'join', ''],
    ['{ (span.a = 1) | }', 'join', ''],
    ['{ status = error } |', 'after', ''],
    ['{ } ¦ |', 'stage', ''],
    ['{ } ¦ co|', 'stage', 'co'],
    ['{ } ¦ by(|', 'field', ''],
    ['{ } ¦ select(span.a, resource.|', 'field', 'resource.'],
    ['{ } ¦ avg(dur|) > 1s', 'field', 'dur'],
    ['{ } && |', 'start', ''],
  ])('%s', (marked, kind, word) => {
    expect(placeIn(marked)).toMatchObject({ kind, word });
  });

  it.each([
    ['{ status = |', 'status', '=', '', '{}'],
    ['{ status = err| }', 'status', '=', 'err', '{}'],
    ['{ span.a = "x|" }', 'span.a', '=', '"x"', '{}'],
    ['{ span.a = "x|', 'span.a', '=', '"x', '{}'],
    ['{ kind = client && span.a =~ "| && status = error }', 'span.a', '=~', '"', '{ kind = client && status = error }'],
    ['{ kind = client && span.a = | }', 'span.a', '=', '', '{ kind = client }'],
    ['{ span.a = | && kind = client }', 'span.a', '=', '', '{ kind = client }'],
    ['{ (kind = client && span.a = |', 'span.a', '=', '', '{}'],
    ['{ kind = server } >> { span.a != |', 'span.a', '!=', '', '{}'],
    ['{ span."odd key" > 1|0 }', 'span."odd key"', '>', '10', '{}'],
  ])('%s', (marked, field, op, word, rest) => {
    expect(placeIn(marked)).toMatchObject({ kind: 'value', field, op, word, rest });
  });

  it.each(['{ span.a = "x"|', '{ /* sta| */ }', '{ // sta|', '{ } foo |', '{ 1 = |'])(
    'nothing is offered: %s',
    marked => {
      expect(placeIn(marked)).toBeUndefined();
    },
  );

  const piece = fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    ' ',
    'span.a',
    'status',
    '=',
    '"',
    '`',
    'x',
    '1s',
    '&&',
    '|',
    '/*',
    '.',
    ':',
    '\\',
  );
  it('is told for any text, within the text', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(), (pieces, seed) => {
        const text = pieces.join('');
        const at = seed % (text.length + 1);
        const place = cursorPlace(text, at);
        if (place === undefined) return;
        expect(place.from).toBeLessThanOrEqual(at);
        expect(place.to).toBeGreaterThanOrEqual(at);
        expect(place.to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('tokens', () => {
  it('are those of the language', () => {
    const text = '{ span.a = "x" && duration > 1s } | by(name) // why';
    expect(tokenSpans(text).map(({ from, to, kind }) => [text.slice(from, to), kind])).toEqual([
      ['{', 'brace'],
      ['span.a', 'field'],
      ['=', 'operator'],
      ['"x"', 'string'],
      ['&&', 'operator'],
      ['duration', 'field'],
      ['>', 'operator'],
      ['1s', 'number'],
      ['}', 'brace'],
      ['|', 'operator'],
      ['by', 'word'],
      ['(', 'brace'],
      ['name', 'field'],
      [')', 'brace'],
      ['// why', 'comment'],
    ]);
  });

  it('never overlap and stay within any text', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        let at = 0;
        for (const { from, to } of tokenSpans(text)) {
          expect(from).toBeGreaterThanOrEqual(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('what cannot be read is marked from there on', () => {
    expect(tokenSpans('{ span.a = "x').at(-1)).toEqual({ from: 11, to: 13, kind: 'broken' });
  });
});
