import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FacetCounts, FoundValues } from '#domain/api/server-api.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { ingestMixedTraces } from '#server/testing/mixed-traces.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  await ingestMixedTraces(server);
});
afterAll(() => server?.close());

const NO_RANGE = { startNs: undefined, endNs: undefined };

async function ask<T>(kind: string, args: object): Promise<Answer<T>> {
  return server.store.query<Answer<T>>({ kind, args: { ...NO_RANGE, ...args } });
}

async function counts(q: string, fields: readonly string[], more: object = {}): Promise<FacetCounts['fields']> {
  const answer = await ask<FacetCounts>('facets', { q, fields, limit: 100, find: '', ...more });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value.fields;
}

async function tracesOf(q: string): Promise<number> {
  expect(readQuery(q).ok, q).toBe(true);
  const answer = await ask<{ traces: number }>('count', { q });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value.traces;
}

/** A value as it stands in a query. */
function literal({ type, value }: { type: string; value: string }): string {
  return type === 'string' ? JSON.stringify(value) : value;
}

const QUERIES = ['', 'kind = client', 'span.a != nil', 'resource.service.name != "cart" && name != ""'];
const FIELDS = [
  'status',
  'kind',
  'name',
  'resource.service.name',
  'span.shared',
  'resource.zone',
  'event.a',
  'link.rel',
  'instrumentation.a',
  'event:name',
  '.shared',
  'baggage.tenant.id',
];

describe('facets', () => {
  test.each(QUERIES)('count what the filter would find: { %s }', async conditions => {
    const q = `{ ${conditions} }`;
    // A field is counted without its own conditions, so none of these may be about a counted field.
    for (const { field, values } of await counts(q, FIELDS)) {
      if (conditions.includes(field)) continue;
      for (const value of values) {
        // Numbers compare by value: 5 also finds 5.0.
        if (value.type === 'int' || value.type === 'float') continue;
        const narrowed = `{ ${[conditions, `${field} = ${literal(value)}`].filter(c => c !== '').join(' && ')} }`;
        expect([field, value.value, value.traces]).toEqual([field, value.value, await tracesOf(narrowed)]);
      }
    }
  });

  test('tell how many traces lack the field', async () => {
    const all = await tracesOf('{}');
    let lacking = 0;
    for (const field of ['span.shared', 'resource.zone', 'baggage.tenant.id']) {
      const [{ missing }] = await counts('{}', [field]);
      expect([field, missing]).toEqual([field, all - (await tracesOf(`{ ${field} != nil }`))]);
      lacking += missing;
    }
    expect(lacking).toBeGreaterThan(0);
  });

  test('count failures by the span that has the value', async () => {
    for (const field of ['name', 'resource.service.name', 'kind']) {
      const [{ values }] = await counts('{}', [field]);
      for (const value of values)
        expect(value.errorTraces).toBe(await tracesOf(`{ ${field} = ${literal(value)} && status = error }`));
    }
  });

  test("leave the field's own conditions aside", async () => {
    const [open] = await counts('{ kind = client }', ['resource.service.name']);
    const [own] = await counts('{ kind = client && resource.service.name = "cart" }', ['resource.service.name']);
    expect(own).toEqual(open);
    const [kinds] = await counts('{ kind = client && resource.service.name = "cart" }', ['kind']);
    expect(kinds).not.toEqual((await counts('{}', ['kind']))[0]);
  });

  test('list the commonest, count the rest, and search among all', async () => {
    const [all] = await counts('{}', ['name']);
    const [cut] = await counts('{}', ['name'], { limit: 2 });
    expect(cut.values).toEqual(all.values.slice(0, 2));
    expect(cut.other).toBe(all.values.length - 2);
    const [found] = await counts('{}', ['name'], { limit: 2, find: 'SEL' });
    expect(found.values.map(v => v.value)).toEqual(['SELECT']);
    expect(found.values[0].traces).toBe(await tracesOf('{ name = "SELECT" }'));
    expect((await counts('{}', ['name'], { find: 'sel' }))[0]).toEqual({ ...found });
  });

  test('follow queries that are judged trace by trace', async () => {
    const q = '{ resource.service.name != "cart" } >> { kind != server }';
    const [{ values }] = await counts(q, ['resource.service.name']);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) {
      const narrowed = `{ resource.service.name != "cart" } >> { kind != server && resource.service.name = ${literal(value)} }`;
      expect([value.value, value.traces]).toEqual([value.value, await tracesOf(narrowed)]);
    }
  });

  test.each(['duration', 'span:id', 'nonsense', 'span.a = 1', 'parent.x'])('refuse %s', async field => {
    expect(await ask('facets', { q: '{}', fields: [field], limit: 5, find: '' })).toMatchObject({ ok: false });
  });

  test('refuse a query that is not understood', async () => {
    expect(await ask('facets', { q: '{ a = }', fields: ['kind'], limit: 5, find: '' })).toMatchObject({ ok: false });
  });
});

describe('the search for a value', () => {
  async function find(text: string): Promise<FoundValues['found']> {
    const answer = await ask<FoundValues>('findValue', { text, limit: 50 });
    if (!answer.ok) throw new Error(answer.message);
    return answer.value.found;
  }

  test('names the fields that hold it whole, with their traces', async () => {
    const found = await find('acme');
    const tenant = found.find(entry => entry.field === 'baggage.tenant.id');
    expect(tenant).toEqual({
      field: 'baggage.tenant.id',
      isWhole: true,
      example: { type: 'string', value: 'acme' },
      values: 1,
      traces: await tracesOf('{ baggage.tenant.id = "acme" }'),
    });
    // The attribute that carries baggage is not offered beside it.
    expect(found.map(entry => entry.field)).not.toContain('span.tenant.id');
  });

  test('finds services, operations, messages and numbers', async () => {
    expect((await find('cart'))[0]).toMatchObject({ field: 'resource.service.name', isWhole: true });
    expect(await find('SELECT')).toContainEqual(expect.objectContaining({ field: 'name', isWhole: true }));
    expect(await find('boom')).toContainEqual(expect.objectContaining({ field: 'statusMessage' }));
    const number = (await find('9007199254740993')).find(entry => entry.example.type === 'int');
    expect(number).toMatchObject({ isWhole: true, example: { type: 'int', value: '9007199254740993' } });
  });

  test('finds parts of values in any case, whole ones first', async () => {
    const found = await find('elec');
    expect(found).toEqual([
      {
        field: 'name',
        isWhole: false,
        example: { type: 'string', value: 'SELECT' },
        values: 1,
        traces: await tracesOf('{ name =~ "(?i).*elec.*" }'),
      },
    ]);
  });

  test('takes every character literally', async () => {
    for (const text of ['%', '_', '.*', "' or 1=1 --", '"', '\\', '[', 'nothing like this'])
      expect(await find(text)).toEqual([]);
  });
});
