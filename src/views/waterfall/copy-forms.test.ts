import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
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

  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId;
  const place = { traceId, page: `http://h/tools/trace/${traceId}?span=a`, tempoPath: 'tempo', pin: '' };

  it('curl asks the source, below the base of the app or elsewhere', () => {
    const asked = (url: string) => `curl -sS -H 'Accept: application/json' '${url}/api/v2/traces/${traceId}'`;
    expect(curlCommand(place)).toBe(asked('http://h/tools/tempo'));
    const hashed = { ...place, page: `http://h/#/trace/${traceId}`, tempoPath: "https://tempo/it's" };
    expect(curlCommand(hashed)).toBe(asked("https://tempo/it'\\''s"));
  });

  it('curl of a pinned copy asks for the copy', () => {
    expect(curlCommand({ ...place, pin: 'f00' })).toBe(`curl -sS -o ${traceId}.pb 'http://h/tools/api/pins/f00/trace'`);
  });
});
