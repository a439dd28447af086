import { describe, expect, it } from 'vitest';
import { attributesJson, curlCommand, keyValueText } from './copy-forms.ts';

const text = (key: string, value: string) => ({ key, value: { type: 'string', value } }) as const;

describe('forms to copy', () => {
  it.each([
    ['GET', 'k=GET'],
    ['', 'k=""'],
    ['card declined', 'k="card declined"'],
    ['a="b"', 'k="a=\\"b\\""'],
    ['/cart?id', 'k=/cart?id'],
  ])('key=value of %o', (value, expected) => {
    expect(keyValueText(text('k', value))).toBe(expected);
  });

  it('JSON keeps types, and integers exact', () => {
    const attributes = [
      text('__proto__', 'x'),
      { key: 'big', value: { type: 'int', value: 9_223_372_036_854_775_807n } },
      { key: 'nan', value: { type: 'double', value: Number.NaN } },
      { key: 'list', value: { type: 'list', value: [{ type: 'bool', value: true }] } },
      { key: 'none', value: { type: 'empty' } },
    ] as const;
    expect(attributesJson(attributes)).toBe(
      '{\n  "__proto__": "x",\n  "big": 9223372036854775807,\n  "nan": "NaN",\n  "list": [true],\n  "none": null\n}',
    );
    expect(attributesJson([attributes[0]])).toBe('{"__proto__": "x"}');
  });

  it('curl quotes the address for a shell', () => {
    expect(curlCommand("http://h/it's")).toBe(`curl -sS -H 'Accept: application/json' 'http://h/it'\\''s'`);
  });
});
