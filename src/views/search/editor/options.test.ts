import { describe, expect, it } from 'vitest';
import { parseQuery } from '#domain/traceql/parse.ts';
import {
  afterOptions,
  fieldOptions,
  joinOptions,
  operatorOptions,
  stageOptions,
  startOptions,
  valueOptions,
} from './options.ts';

const tags = [
  { name: 'span', tags: ['http.route', 'odd key', 'status'] },
  { name: 'resource', tags: ['service.name', 'zone'] },
  { name: 'baggage', tags: ['tenant.id'] },
  { name: 'intrinsic', tags: ['name'] },
];
const labels = (options: readonly { label: string }[]) => options.map(({ label }) => label);

describe('choices', () => {
  it('of fields are each once, scoped, and usable in a query', () => {
    const options = fieldOptions(tags, true);
    expect(new Set(labels(options)).size).toBe(options.length);
    expect(labels(options)).toEqual(
      expect.arrayContaining([
        'span.http.route',
        'span."odd key"',
        'span.status',
        'resource.zone',
        'baggage.tenant.id',
      ]),
    );
    for (const { label } of options)
      if (!label.endsWith('.')) expect(parseQuery(`{ ${label} = 1 }`).ok, label).toBe(true);
    expect(labels(fieldOptions(tags, false))).not.toContain('baggage.tenant.id');
  });

  it('make queries that parse', () => {
    for (const { label, apply = label } of operatorOptions()) {
      const value = label.includes('nil') ? '' : '"x"';
      expect(parseQuery(`{ span.a ${apply}${value} }`).ok, label).toBe(true);
    }
    for (const { label, apply = label } of joinOptions()) {
      expect(parseQuery(`{ span.a = 1 ${apply}${label === '}' ? '' : 'span.b = 2 }'}`).ok, label).toBe(true);
    }
    for (const { label, apply = label } of afterOptions()) {
      expect(parseQuery(`{} ${apply}${label === '|' ? 'count() > 1' : '{}'}`).ok, label).toBe(true);
    }
    for (const { label, apply = label } of stageOptions()) {
      const rest = apply.endsWith('> ') ? '1' : apply.endsWith('(') ? 'name)' : '';
      expect(parseQuery(`{} | ${apply}${rest}`).ok, label).toBe(true);
    }
    for (const { label, apply = label } of startOptions()) expect(parseQuery(apply).ok, label).toBe(true);
  });

  it('of values are written with their type', () => {
    const values = [
      { type: 'string', value: 'a "b"' },
      { type: 'int', value: '200' },
      { type: 'keyword', value: 'error' },
    ] as const;
    expect(labels(valueOptions(values, false))).toEqual(['"a \\"b\\""', '200', 'error']);
    expect(labels(valueOptions(values, true))).toEqual(['"a \\"b\\""', '"200"', '"error"']);
  });
});
