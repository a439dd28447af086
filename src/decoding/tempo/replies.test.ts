import { describe, expect, it } from 'vitest';
import { decodeSearch } from './search.ts';
import { decodeTags, decodeTagValues } from './tags.ts';

describe('search reply', () => {
  it('pads ids, reads the root and sums over services, newest first', () => {
    const reply = {
      traces: [
        {
          traceID: '2e74f10e0327ad868d138f2b4fdd6f0',
          rootServiceName: 'gw',
          rootTraceName: 'GET /x',
          startTimeUnixNano: '1795166973001256448',
          durationMs: 127,
          spanSets: [{ spans: [], matched: 3 }, { matched: 2 }],
          serviceStats: { cart: { spanCount: 2, errorCount: 2 }, gw: { spanCount: 5 } },
        },
        { traceID: 'ab', rootServiceName: '<root span not yet received>', startTimeUnixNano: '1795166973001256449' },
      ],
      metrics: { inspectedBytes: '49644', completedJobs: 3, totalJobs: 3 },
    };
    expect(decodeSearch(reply)).toEqual({
      traces: [
        {
          traceId: 'ab'.padStart(32, '0'),
          rootServiceName: '',
          rootName: '',
          startUnixNano: 1795166973001256449n,
          durationNs: 0,
          services: [],
          spanCount: 0,
          errorCount: 0,
          matchedSpans: undefined,
        },
        {
          traceId: '02e74f10e0327ad868d138f2b4fdd6f0',
          rootServiceName: 'gw',
          rootName: 'GET /x',
          startUnixNano: 1795166973001256448n,
          durationNs: 127_000_000,
          services: [
            { name: 'gw', spanCount: 5, errorCount: 0 },
            { name: 'cart', spanCount: 2, errorCount: 2 },
          ],
          spanCount: 7,
          errorCount: 2,
          matchedSpans: 5,
        },
      ],
      totalTraces: undefined,
      partial: undefined,
    });
  });

  it('says when only a part was searched', () => {
    expect(decodeSearch({ metrics: { completedJobs: 1, totalJobs: 4 } }).partial).toBe(
      'Only 1 of 4 parts of the range were searched.',
    );
  });

  it('survives anything', () => {
    for (const reply of [
      null,
      1,
      'x',
      [],
      { traces: 'x' },
      { traces: [null, 1, { traceID: 'zz' }, { traceID: {} }] },
    ]) {
      expect(decodeSearch(reply)).toMatchObject({ traces: [] });
    }
    const hostile = JSON.parse(
      '{"traces":[{"traceID":"1","serviceStats":{"__proto__":{"spanCount":1}},"durationMs":"x"}]}',
    );
    expect(decodeSearch(hostile).traces[0]).toMatchObject({
      services: [{ name: '__proto__', spanCount: 1 }],
      durationNs: 0,
    });
  });
});

it('tag replies', () => {
  expect(decodeTags({ scopes: [{ name: 'span', tags: ['a', 1, 'b'] }, { name: 'resource' }] })).toEqual([
    { name: 'span', tags: ['a', 'b'] },
    { name: 'resource', tags: [] },
  ]);
  expect(decodeTagValues({ tagValues: [{ type: 'int', value: '5' }, { type: 'new', value: 'x' }, {}] })).toEqual([
    { type: 'int', value: '5' },
    { type: 'string', value: 'x' },
    { type: 'string', value: '' },
  ]);
  expect(decodeTags(null)).toEqual([]);
  expect(decodeTagValues({ tagValues: {} })).toEqual([]);
});
