import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readQuery } from '#domain/traceql/validate.ts';
import { ingestMixedTraces, MIXED_TRACES } from '#server/testing/mixed-traces.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  await ingestMixedTraces(server);
});
afterAll(() => server?.close());

interface Trace {
  readonly traceID: string;
  readonly startTimeUnixNano: string;
  readonly durationMs?: number;
  readonly serviceStats: Record<string, { spanCount: number }>;
  readonly spanSets: readonly {
    matched: number;
    spans: readonly { spanID: string; attributes?: { key: string; value: unknown }[] }[];
  }[];
}

async function find(q: string, params: Record<string, string | number> = {}): Promise<readonly Trace[]> {
  const { status, text } = await server.get('/api/search', { q, limit: 100, spss: 100, ...params });
  expect(status, `${q}: ${text}`).toBe(200);
  return JSON.parse(text).traces;
}

/** Matching spans by trace, comparable. */
async function spansOf(q: string): Promise<Record<string, readonly string[]>> {
  return Object.fromEntries(
    (await find(q)).map(t => [t.traceID, t.spanSets.flatMap(s => s.spans.map(x => x.spanID)).sort()]),
  );
}

async function count(q: string): Promise<{ traces: number; spans: number }> {
  const { status, text } = await server.get('/api/search/count', { q });
  expect(status, `${q}: ${text}`).toBe(200);
  return JSON.parse(text);
}

const attribute = fc.constantFrom(
  'span.a',
  'span.b',
  'span.http.route',
  '.shared',
  'span.peer.service',
  'resource.zone',
  'resource.shared',
  'resource.service.name',
  '.service.name',
  'event.a',
  'link.rel',
  'instrumentation.a',
  'baggage.tenant.id',
  'span.none',
);
const constant = fc.constantFrom(
  '"x"',
  '"y"',
  '"5"',
  '""',
  '5',
  '-3',
  '5.0',
  '1.5',
  '9007199254740993',
  '5ns',
  'true',
  'false',
  'nil',
  '"acme"',
  '"cart"',
  'error',
);
const order = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
const pattern = fc.constantFrom('"x|5"', '".*"', '"(?i)X"', '"a.*"', '""');
const intrinsic = fc.constantFrom(
  'status = error',
  'status != ok',
  'kind = client',
  'kind != server',
  'name = "work"',
  'name =~ "GET.*"',
  'name !~ "S.*"',
  'duration > 1ms',
  'duration = 0',
  'statusMessage = "boom"',
  'nestedSetParent < 0',
  'nestedSetParent >= 0',
  'span:parentID != ""',
  'span:id =~ "0001.*"',
  'trace:id = "1c0ffeec0ffeec0ffeec0ffeeabcd"',
  'event:name = "retry"',
  'event:timeSinceStart > 0',
  'link:traceID = "ab"',
  'instrumentation:name = "lib"',
  'rootName = "work"',
  'rootServiceName != "cart"',
  'traceDuration > 100ms',
  'span:childCount > 1',
  'nestedSetLeft > 2',
);
const valueList = fc.tuple(
  fc.constantFrom('span.a', 'span.peer.service', 'resource.zone'),
  fc.array(
    constant.filter(c => c !== 'nil'),
    { minLength: 2, maxLength: 6 },
  ),
);
const condition: fc.Arbitrary<string> = fc.oneof(
  valueList.map(([key, values]) => `(${values.map(v => `${key} = ${v}`).join(' || ')})`),
  fc.tuple(attribute, order, constant).map(parts => parts.join(' ')),
  fc.tuple(constant, order, attribute).map(parts => parts.join(' ')),
  fc.tuple(attribute, fc.constantFrom('=~', '!~'), pattern).map(parts => parts.join(' ')),
  fc.tuple(attribute, fc.constantFrom('+', '*', '%', '/'), order).map(([a, op, cmp]) => `${a} ${op} 2 ${cmp} 7`),
  fc.tuple(attribute, attribute).map(([a, b]) => `${a} = ${b}`),
  attribute,
  intrinsic,
);
const expression: fc.Arbitrary<string> = fc.letrec<{ node: string }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    condition,
    fc.tuple(tie('node'), fc.constantFrom('&&', '||'), tie('node')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('node').map(a => `!(${a})`),
  ),
})).node;

// The second query means the same, but its condition on nested sets is known to no SQL: every trace is loaded and judged.
const judged = (e: string) => `{ (${e}) || nestedSetLeft < -5 }`;

describe('what SQL finds', () => {
  test('is what the evaluation of whole traces finds', async () => {
    await fc.assert(
      fc.asyncProperty(expression, async e => {
        fc.pre(readQuery(`{ ${e} }`).ok);
        expect(await spansOf(`{ ${e} }`)).toEqual(await spansOf(judged(e)));
      }),
      { numRuns: 120 },
    );
  }, 120_000);

  test('is found as well when it is one side of a relation, and counted alike', async () => {
    const operator = fc.constantFrom('&&', '||', '>', '>>', '<', '<<', '~', '&>>', '&<', '!>', '!<<', '!~');
    await fc.assert(
      fc.asyncProperty(condition, operator, condition, async (a, op, b) => {
        fc.pre(readQuery(`{ ${a} } && { ${b} }`).ok);
        const query = `{ ${a} } ${op} { ${b} }`;
        expect(await spansOf(query)).toEqual(await spansOf(`${judged(a)} ${op} ${judged(b)}`));
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('counts: traces as they are found', async () => {
    await fc.assert(
      fc.asyncProperty(expression, async e => {
        fc.pre(readQuery(`{ ${e} }`).ok);
        const found = await find(`{ ${e} }`);
        expect((await count(`{ ${e} }`)).traces).toBe(found.length);
        expect((await count(`{ ${e} }`)).spans).toBe((await count(`{ (${e}) && nestedSetLeft > -5 }`)).spans);
        expect((await count(`{ (${e}) && nestedSetLeft > -5 }`)).spans).toBe(
          found.reduce((sum, t) => sum + t.spanSets.reduce((n, s) => n + s.matched, 0), 0),
        );
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

describe('a search', () => {
  test.each(['{}', '{ status = error }', '{ span.a = "x" || kind = client }', '{ name = "work" } | count() >= 1'])(
    '%s gives the newest traces first, whatever the limit',
    async q => {
      const all = await find(q);
      const starts = all.map(t => BigInt(t.startTimeUnixNano));
      expect(starts).toEqual([...starts].sort((a, b) => (a < b ? 1 : -1)));
      for (const limit of [1, 2, 5, all.length - 1]) {
        expect((await find(q, { limit })).map(t => t.traceID)).toEqual(all.slice(0, limit).map(t => t.traceID));
      }
    },
  );

  test('tells the numbers of whole traces, also across segments, redelivered spans once', async () => {
    const traces = await find('{}');
    expect(traces).toHaveLength(MIXED_TRACES);
    for (const trace of traces) {
      const spans = new Set(trace.spanSets.flatMap(s => s.spans.map(x => x.spanID)));
      expect(Object.values(trace.serviceStats).reduce((n, s) => n + s.spanCount, 0)).toBe(spans.size);
      expect(trace.spanSets[0].matched).toBe(spans.size);
      const [one] = await find(`{ trace:id = "${trace.traceID}" && nestedSetParent != 12345 }`);
      expect({ ...one, spanSets: [], spanSet: undefined }).toEqual({ ...trace, spanSets: [], spanSet: undefined });
    }
  });

  test('takes every trace that overlaps the range', async () => {
    const all = await find('{}');
    const startS = 1_790_000_009;
    const endS = 1_790_000_012;
    const overlapping = all.filter(t => {
      const from = BigInt(t.startTimeUnixNano);
      const to = from + BigInt(t.durationMs ?? 0) * 1_000_000n + 1_000_000n;
      return from < BigInt(endS + 1) * 1_000_000_000n && to >= BigInt(startS) * 1_000_000_000n;
    });
    expect(overlapping.length).toBeGreaterThan(2);
    expect(overlapping.length).toBeLessThan(all.length);
    expect((await find('{}', { start: startS, end: endS })).map(t => t.traceID)).toEqual(
      overlapping.map(t => t.traceID),
    );
  });

  test('limits the spans that it shows, not those it counts', async () => {
    const [whole] = (await find('{}')).filter(t => t.spanSets[0].matched > 3);
    const [cut] = await find(`{ trace:id = "${whole.traceID}" }`, { spss: 2 });
    expect([cut.spanSets[0].matched, cut.spanSets[0].spans.length]).toEqual([whole.spanSets[0].matched, 2]);
  });

  test('shows the fields that the query names', async () => {
    const found = await find(
      '{ span.a = "x" && status = error } | select(resource.zone, span:parentID, baggage.tenant.id)',
    );
    const keys = new Set(
      found.flatMap(t => t.spanSets.flatMap(s => s.spans.flatMap(x => (x.attributes ?? []).map(a => a.key)))),
    );
    expect([...keys].sort()).toEqual(expect.arrayContaining(['a', 'status']));
    expect([...keys].every(k => ['a', 'status', 'zone', 'span:parentID', 'tenant.id'].includes(k))).toBe(true);
  });

  test('groups by the name of the first event, which is empty without events', async () => {
    const { text } = await server.get('/api/search', { q: '{} | by(event:name)', limit: 100, spss: 100 });
    const groups = (JSON.parse(text).traces as { spanSets: { attributes: { value: object }[] }[] }[]).flatMap(t =>
      t.spanSets.map(s => JSON.stringify(s.attributes[0].value)),
    );
    expect(groups).toContain('{"stringValue":""}');
    expect(groups).not.toContain('{"stringValue":"nil"}');
    expect(new Set(groups).size).toBeGreaterThan(1);
  });

  test('baggage belongs to the whole trace', async () => {
    const [acme, other, none, any] = await Promise.all(
      ['= "acme"', '!= "acme"', '= nil', '!= nil'].map(c => find(`{ baggage.tenant.id ${c} }`)),
    );
    expect(acme.length).toBeGreaterThan(0);
    expect(
      acme.every(t => t.spanSets[0].matched === Object.values(t.serviceStats).reduce((n, s) => n + s.spanCount, 0)),
    ).toBe(true);
    expect(any.length).toBe(acme.length + other.length);
    expect(any.length + none.length).toBe(MIXED_TRACES);
  });
});
