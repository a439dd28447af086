import { describe, expect, it } from 'vitest';
import { parseTraceId, type TraceId } from '#domain/ids.ts';
import { rowsAsText } from '#domain/testing/draw-trace.ts';
import { readDrawing } from '#domain/testing/drawing.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import { checkTraceTable } from '#domain/trace/check-trace-table.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { SourceError, type TraceSource } from '#sources/trace-source.ts';

const SHOP_ID = '00c0ffee00c0ffee00c0ffee00c0ffee';

/** What the back end under test must hold, and nothing else: a sound trace and a later, damaged one. */
export const CONFORMANCE_SPANS: readonly PlainSpan[] = [
  ...readDrawing(
    `
    gateway  GET /checkout @server http.route=/checkout    |----------------|
    cart       SELECT items @client tenant.id=acme            |---|
    pay        POST /charge !declined n=5                          |--*----|
    `,
    { traceId: SHOP_ID },
  ),
  ...readDrawing(
    `
    worker   job ^ff   |---|
    worker     step      |---|
    `,
    { startUnixNano: 1_760_000_060_000_000_000n },
  ),
];

/** Tests of the suite by name, so that a skip that names none does not compile. */
const TESTS = {
  'gives the whole trace': async ({ source }) => {
    const table = await source.trace(shopId, { signal: never(), window });
    expect(rowsAsText(table)).toEqual(['GET /checkout', '  SELECT items', '  POST /charge']);
    expect(checkTraceTable(table)).toEqual([]);
    const drawn = tableOfSpans(CONFORMANCE_SPANS.filter(span => span.traceId === SHOP_ID));
    expect(table).toMatchObject({ traceId: SHOP_ID, baseUnixNano: drawn.baseUnixNano, durationNs: drawn.durationNs });
    expect([...table.startNs]).toEqual([...drawn.startNs]);
    expect(table.resources.map(resource => resource.serviceName)).toEqual(['gateway', 'cart', 'pay']);
    expect(table.partial).toBeUndefined();
  },
  'tells of its progress': async ({ source }) => {
    const seen: number[] = [];
    await source.trace(shopId, { signal: never(), onProgress: ({ bytes }) => seen.push(bytes) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  },
  'gives a damaged trace with its damage': async ({ source }) => {
    const table = await source.trace(damagedId, { signal: never() });
    expect(table.damage).toMatchObject({ orphans: 1, missingParents: 1, outsideParent: 1 });
  },
  'gives details of a row on demand': async ({ source }) => {
    const { details } = await source.trace(shopId, { signal: never() });
    const { attributes, kind, statusCode, events } = await details.span(2);
    expect(attributes).toEqual([{ key: 'n', value: { type: 'int', value: 5n } }]);
    expect({ kind, statusCode, events: events.length }).toEqual({ kind: 1, statusCode: 2, events: 1 });
    expect(JSON.parse(await details.rawJson(2)).resourceSpans[0].scopeSpans[0].spans[0].name).toBe('POST /charge');
    const { index, values } = await details.column('tenant.id');
    expect([...index]).toEqual([-1, 0, -1]);
    expect(values).toEqual([{ type: 'string', value: 'acme' }]);
  },
  'frees the details when asked': async ({ source }) => {
    const { details } = await source.trace(shopId, { signal: never() });
    details.release();
    await expect(details.span(0)).rejects.toThrow('released');
  },
  'says that a trace is not there': async ({ source }) => {
    const error = await source.trace(absentId, { signal: never() }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ kind: 'not-found' });
    expect((error as Error).message).toContain(absentId);
  },
  'stops when asked': async ({ source }) => {
    const controller = new AbortController();
    const reading = source.trace(shopId, { signal: controller.signal });
    controller.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    const signal = AbortSignal.abort();
    await expect(source.search({ ...window, query: '{}', limit: 20 }, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  },
  'gives the ribbon of a trace': async ({ source }) => {
    const ribbon = await source.ribbon(shopId, { signal: never() });
    expect(ribbon.services).toEqual(expect.arrayContaining(['gateway', 'pay']));
    expect(ribbon.lengthNs.reduce((sum, length) => sum + length, 0)).toBe(ribbon.durationNs);
    expect(ribbon.durationNs).toBe(17_000_000);
  },
  'finds traces, newest first, with the numbers of whole traces': async ({ source }) => {
    const { traces } = await source.search({ ...window, query: '{}', limit: 20 }, { signal: never() });
    expect(traces.map(trace => trace.traceId)).toEqual([damagedId, shopId]);
    expect(traces[0]).toMatchObject({ rootServiceName: '', spanCount: 2, errorCount: 0 });
    expect(traces[1]).toMatchObject({
      rootServiceName: 'gateway',
      rootName: 'GET /checkout',
      spanCount: 3,
      errorCount: 1,
    });
    expect(traces[1].durationNs).toBe(17_000_000);
    expect(traces[1].services.map(service => service.name).sort()).toEqual(['cart', 'gateway', 'pay']);
  },
  'lists attribute names by scope': async ({ source }) => {
    const scopes = await source.tags(window, { signal: never() });
    expect(scopes.find(scope => scope.name === 'span')?.tags).toEqual(expect.arrayContaining(['http.route', 'n']));
    expect(scopes.find(scope => scope.name === 'resource')?.tags).toContain('service.name');
    expect(scopes.find(scope => scope.name === 'baggage')?.tags).toContain('tenant.id');
  },
  'lists values of an attribute': async ({ source }) => {
    const values = await source.tagValues('resource.service.name', '', window, { signal: never() });
    expect(values.map(({ value }) => value).sort()).toEqual(['cart', 'gateway', 'pay', 'worker']);
    expect(await source.tagValues('baggage.tenant.id', '', window, { signal: never() })).toMatchObject([
      { value: 'acme' },
    ]);
  },
  'counts what it can count': async ({ source }) => {
    const { count } = source;
    expect(count !== undefined).toBe(source.capabilities.count);
    const counted = await count?.call(source, { ...window, query: '{}', limit: 20 }, { signal: never() });
    if (counted !== undefined) expect(counted).toEqual({ traces: 2, spans: 5 });
  },
} satisfies Record<string, (subject: ConformanceSubject) => Promise<void>>;

export interface ConformanceSubject {
  /** Over a back end that holds `CONFORMANCE_SPANS`, with `tenant.id` as a baggage key. */
  readonly source: TraceSource;
}

export interface Skip {
  readonly reason: string;
  readonly tests: readonly (keyof typeof TESTS)[];
}

/** What every source must do, as tests. A test is skipped only by name and with its reason. */
export function runSourceConformance(
  name: string,
  make: () => ConformanceSubject | Promise<ConformanceSubject>,
  { skip = [] }: { readonly skip?: readonly Skip[] } = {},
): void {
  describe(`${name} as a source`, () => {
    for (const [title, test] of Object.entries(TESTS)) {
      const skipped = skip.find(({ tests }) => tests.some(one => one === title));
      if (skipped === undefined) it(title, async () => test(await make()));
      else it.skip(`${title}: ${skipped.reason}`, () => undefined);
    }
  });
}

const window = { startUnixNano: 1_760_000_000_000_000_000n, endUnixNano: 1_760_000_120_500_000_000n };
const shopId = traceId(SHOP_ID);
const damagedId = traceId(CONFORMANCE_SPANS[CONFORMANCE_SPANS.length - 1].traceId);
const absentId = traceId('dead');

function traceId(text: string): TraceId {
  const parsed = parseTraceId(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function never(): AbortSignal {
  return new AbortController().signal;
}
