import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { ingest, makeTempDir, openCore, removeDir, select, type TestCore } from './testing/open-core.ts';
import { attribute, NOW_NS, request, resource, span, text } from './testing/spans.ts';

let dir: string;
let store: TestCore;

beforeEach(async () => {
  dir = makeTempDir();
  store = await openCore(dir);
});

afterEach(async () => {
  await store.core.close();
  removeDir(dir);
});

async function baggageOf(...spans: PlainSpan[]): Promise<string[]> {
  await ingest(store.core, request(...spans));
  const rows = await select(
    store.core,
    `select s.row_id, string_agg(a.key || '=' || a.str, ' ' order by a.key) as carried
     from (select row_id, unnest(baggage) as id from spans_1) s join attr_values_1 a using (id)
     where a.scope = 5 and a.type = 1 group by s.row_id order by s.row_id`,
  );
  return rows.map(row => String(row.carried));
}

describe('baggage of a span', () => {
  it('is found in plain attributes with a configured key or prefix, of span and resource', async () => {
    const carried = await baggageOf(
      span('1', { attributes: [text('tenant.id', 'acme'), text('baggage.plan', 'gold'), text('tenant.idx', 'no')] }),
      span('2', { resource: resource('shop', attribute('user.id', { type: 'int', value: 42n })) }),
    );
    expect(carried).toEqual(['plan=gold tenant.id=acme', 'user.id=42']);
  });

  it('is found in a captured baggage header, decoded, as string and as list', async () => {
    const carried = await baggageOf(
      span('1', { attributes: [text('http.request.header.baggage', 'tenant.id=ac%20me, plan = gold ;meta=1')] }),
      span('2', {
        attributes: [
          attribute('http.request.header.baggage', {
            type: 'list',
            value: [
              { type: 'string', value: 'tenant.id=b' },
              { type: 'string', value: 'plan=free' },
            ],
          }),
        ],
      }),
    );
    expect(carried).toEqual(['plan=gold tenant.id=ac me', 'plan=free tenant.id=b']);
  });

  it("is found in Jaeger's baggage events, in both of their forms", async () => {
    const event = (name: string, ...attributes: ReturnType<typeof text>[]) => ({
      timeUnixNano: NOW_NS,
      name,
      attributes,
    });
    const carried = await baggageOf(
      span('1', { events: [event('baggage', text('key', 'tenant.id'), text('value', 'acme'))] }),
      span('2', { events: [event('', text('event', 'baggage'), text('key', 'plan'), text('value', 'gold'))] }),
      span('3', { events: [event('other', text('key', 'tenant.id'), text('value', 'no'))] }),
    );
    expect(carried).toEqual(['tenant.id=acme', 'plan=gold']);
  });

  it('holds each member once per span, and the same value has one id', async () => {
    const carried = await baggageOf(
      span('1', {
        attributes: [text('tenant.id', 'acme'), text('http.request.header.baggage', 'tenant.id=acme')],
        resource: resource('shop', text('tenant.id', 'acme')),
      }),
      span('2', { attributes: [text('tenant.id', 'acme')] }),
    );
    expect(carried).toEqual(['tenant.id=acme', 'tenant.id=acme']);
    expect(await select(store.core, 'select count(*) as n from attr_values_1 where scope = 5')).toEqual([{ n: 1n }]);
  });
});
