import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GraphPart } from '#domain/api/graph-api.ts';
import { anyQuery } from '#domain/testing/draw-query.ts';
import { printQuery } from '#domain/traceql/print.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import { type PartContext, queryOfPart, queryOfPartWithin } from './edge-query.ts';
import { graphOfRows } from './graph-rows.ts';

const EMPTY = graphOfRows([], [], 10);
const EDGE = { from: 'checkout', to: 'payment', toKind: 'service', async: false, destination: '' } as const;
const NO_ATTRIBUTES: PartContext = { graph: EMPTY, spanAttributes: new Set() };

test('a call between services is a parent and its child', () => {
  expect(queryOfPart({ edge: EDGE }, NO_ATTRIBUTES)).toBe(
    '{ resource.service.name = "checkout" } > { resource.service.name = "payment" }',
  );
  expect(queryOfPart({ service: 'a "b" \\' }, NO_ATTRIBUTES)).toBe('{ resource.service.name = "a \\"b\\" \\\\" }');
});

test('only attributes that occur are asked for', () => {
  const context = { graph: EMPTY, spanAttributes: new Set(['db.system.name', 'db.namespace']) };
  expect(queryOfPart({ edge: { ...EDGE, to: 'stock', toKind: 'database' } }, context)).toBe(
    '{ kind != internal || resource.service.name != "checkout" } !< { resource.service.name = "checkout" && ' +
      'kind = client && span.db.system.name != nil && ' +
      '(span.db.namespace = "stock" || span.db.system.name = "stock" && span.db.namespace = nil) }',
  );
});

test('it stands beside the query of the page, whose paused filters stay', () => {
  const within = (query: string) => queryOfPartWithin(query, { service: 'mail' }, NO_ATTRIBUTES);
  const mail = '{ resource.service.name = "mail" }';
  expect(within('')).toBe(mail);
  expect(within('{}')).toBe(mail);
  expect(within('{ status = error }')).toBe(`{ status = error } && ${mail}`);
  expect(within('{ status = error } | count() > 2')).toBe(`({ status = error } | count() > 2) && (${mail})`);
  expect(within('{} /* paused: kind = server */')).toBe(`${mail} /* paused: kind = server */`);
  expect(within('{ status = error } | rate()')).toBeUndefined();
  expect(within('{ status = ')).toBeUndefined();
});

test('whatever things are called, it is a query', () => {
  const name = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '*/', '"', '\\', 'a.b(c)', '{'),
  );
  const kind = fc.constantFrom('service', 'database', 'messaging', 'external');
  const edge = fc.record({ from: name, to: name, toKind: kind, async: fc.boolean(), destination: name });
  const part: fc.Arbitrary<GraphPart> = fc.oneof(
    edge.map(value => ({ edge: value }) as GraphPart),
    name.map(service => ({ service })),
    fc.record({ peer: name, kind }) as fc.Arbitrary<GraphPart>,
  );
  const attributes = fc.constantFrom(undefined, new Set<string>(), new Set(['server.address', 'db.system']));
  fc.assert(
    fc.property(part, attributes, anyQuery(), (one, spanAttributes, query) => {
      const context = { graph: EMPTY, spanAttributes };
      expect(readQuery(queryOfPart(one, context))).toMatchObject({ ok: true });
      const text = printQuery(query);
      const within = queryOfPartWithin(text, one, context);
      if (within !== undefined && readQuery(text).ok) expect(readQuery(within)).toMatchObject({ ok: true });
    }),
    { numRuns: 30 },
  );
});
