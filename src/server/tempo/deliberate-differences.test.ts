import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BASE_S,
  fixtureRequests,
  hasTempoFixture,
  readTempoFile,
  type TempoServer,
  tempoServer,
} from '#server/testing/tempo-fixture.ts';

/**
 * Queries that a real Tempo answers against its own documentation, with our answers: spans (the last digits of their ids)
 * of the traces a1 and b2 of the fixture, or `all but …`. Our interface never sends them to a Tempo.
 */
const OURS: readonly (readonly [
  query: string,
  why: string,
  spans: readonly string[] | { readonly not: readonly string[] },
])[] = [
  ['{ !(span.foo = "bar") }', 'negation is negation', { not: ['a1'] }],
  ['{ !(kind = client) }', 'negation is negation', { not: ['a2', 'a3', 'b2', '12'] }],
  ['{ !(kind = client) && name != "x" }', 'negation is negation', { not: ['a2', 'a3', 'b2', '12'] }],
  ['{ .foo = nil }', 'missing in both scopes', { not: ['a1', 'b1', 'c1', 'd1'] }],
  ['{ .cluster = nil }', 'missing in both scopes', ['d1', '11', '12', '13', '14', '15', '16']],
  ['{ span.arr != "x" }', 'no element equals', []],
  ['{ span.arr !~ "x" }', 'no element matches', []],
  ['{ span.iarr != 2 }', 'no element equals', []],
  ['{ span.mix != "1" }', 'no element equals; other types do not compare', []],
  ['{ span.n = 5.0 }', 'numbers by value', ['a1']],
  ['{ 1 < span.f }', 'numbers by value', ['a1', '13', '14']],
  ['{ 1.0 < span.f }', 'a constant may stand on the left', ['a1', '13', '14']],
  ['{ span.mix = 1 }', 'int 1 and float 1.0 are one value', ['11', '13']],
  ['{ span.n ^ 2 = 25 }', 'powers of ints', ['a1']],
];

const ALL = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1', 'd1', '11', '12', '13', '14', '15', '16'];

describe.skipIf(!hasTempoFixture)('where we answer otherwise on purpose', () => {
  let server: TempoServer;
  beforeAll(async () => {
    server = await tempoServer();
    for (const request of fixtureRequests()) await server.ingest(request);
  });
  afterAll(() => server?.close());

  const find = async (
    q: string,
  ): Promise<{ traceID: string; spanSets: { spans: { spanID: string }[]; attributes?: unknown[] }[] }[]> => {
    const { status, text } = await server.get('/api/search', {
      q,
      start: BASE_S - 60,
      end: BASE_S + 200,
      limit: 300,
      spss: 100,
    });
    expect(status, text).toBe(200);
    return JSON.parse(text).traces;
  };

  test.each(OURS)('%s: %s', async (q, _why, expected) => {
    const traces = (await find(q)).filter(t => /^(?:a1a1|b2b2)/.test(t.traceID));
    const spans = traces.flatMap(t => t.spanSets.flatMap(s => s.spans.map(span => span.spanID.slice(-2)))).sort();
    const wanted = 'not' in expected ? ALL.filter(id => !expected.not.includes(id)) : expected;
    expect(spans).toEqual([...wanted].sort());
  });

  test('{ span:id = "00f2f3f4f5f6f7a2" }: a leading zero byte is part of the id', async () => {
    expect((await find('{ span:id = "00f2f3f4f5f6f7a2" }')).map(t => t.spanSets[0].spans.map(s => s.spanID))).toEqual([
      ['00f2f3f4f5f6f7a2'],
    ]);
  });

  test('by() over a missing value groups under nil, also in a calculation', async () => {
    const trace = (await find('{ kind = server } | by(span.n + 1)')).find(t => t.traceID.startsWith('a1'));
    expect(trace?.spanSets.map(s => s.attributes)).toEqual([
      [{ key: 'by(span.n + 1)', value: { intValue: '6' } }],
      [{ key: 'by(span.n + 1)', value: { stringValue: 'nil' } }],
    ]);
  });

  test('every recorded difference is listed here', () => {
    const listed = new Set<string>([
      ...OURS.map(([q]) => q),
      '{ span:id = "00f2f3f4f5f6f7a2" }',
      '{ kind = server } | by(span.n + 1)',
    ]);
    expect(readTempoFile<{ search: readonly string[] }>('differs.json').search.filter(q => !listed.has(q))).toEqual([]);
  });
});
