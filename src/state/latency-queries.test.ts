import { expect, test } from 'vitest';
import type { DifferenceRequest, TraceSource } from '#sources/trace-source.ts';
import { cellTracesQuery, differenceQuery, heatmapQuery, redQuery } from './latency-queries.ts';

const source = { id: 'local' } as TraceSource;
const request: DifferenceRequest = {
  query: '{}',
  of: 'spans',
  startUnixNano: 0n,
  endUnixNano: 60n,
  box: { fromUnixNano: 1n, toUnixNano: 2n, minNs: 3, maxNs: undefined },
  baseline: 'rest',
};
const { box } = request;

test('every part of a question tells it from others', () => {
  const others: readonly DifferenceRequest[] = [
    request,
    { ...request, query: '{ status = error }' },
    { ...request, of: 'traces' },
    { ...request, endUnixNano: 61n },
    { ...request, baseline: '1h' },
    { ...request, box: { ...box, minNs: undefined, maxNs: 3 } },
    { ...request, box: { ...box, fromUnixNano: undefined } },
  ];
  const keys = (of: (request: DifferenceRequest) => { queryKey: unknown }) =>
    new Set(others.map(other => JSON.stringify(of(other).queryKey))).size;
  expect(keys(other => differenceQuery(source, other))).toBe(7);
  expect(keys(other => cellTracesQuery(source, other))).toBe(6);
  const columns = [60, 120].map(count => ({ ...request, columns: count }));
  expect(columns.map(asked => heatmapQuery(source, asked).queryKey)).not.toEqual([
    heatmapQuery(source, columns[0]).queryKey,
    heatmapQuery(source, columns[0]).queryKey,
  ]);
  expect(redQuery(source, columns[0]).queryKey).not.toEqual(redQuery(source, columns[1]).queryKey);
});
