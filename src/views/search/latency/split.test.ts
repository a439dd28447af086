import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filtersOf } from '#domain/search/filters.ts';
import { splitFieldOfTag } from '#views/search/field-of-tag.ts';
import { alikeGrids, splitLayout, splitPlane } from './split-layout.ts';
import { splitValues } from './split-values.ts';
import { heatmap } from './testing/heatmap.ts';

const TAG = 'baggage.tenant.id';
const FIELD = splitFieldOfTag(TAG)!;
const counted = (names: readonly string[], other = 0) => ({
  field: TAG,
  unit: 'traces' as const,
  values: names.map((value, i) => ({ type: 'string' as const, value, traces: 100 - i, errorTraces: 0 })),
  other,
  missing: 0,
  approximate: false,
});
const split = (names: readonly string[], query: string, other = 0) =>
  splitValues(counted(names, other), FIELD, query, filtersOf(query).filters);

describe('the values a heatmap is split by', () => {
  it('are the four commonest, each with the query narrowed to it', () => {
    const found = split(['a', 'b', 'c', 'd', 'e', 'f'], '{ status = error }', 3);
    expect(found?.values.map(({ value }) => value.value)).toEqual(['a', 'b', 'c', 'd']);
    expect(found?.values[0]?.query).toBe('{ status = error && baggage.tenant.id = "a" }');
    expect(found?.other).toBe(5);
  });

  it('are those that the query leaves', () => {
    const without = split(['a', 'b', 'c'], '{ baggage.tenant.id != "b" }');
    expect(without?.values.map(({ value }) => value.value)).toEqual(['a', 'c']);
    const among = split(['a', 'b', 'c'], '{ baggage.tenant.id = "c" || baggage.tenant.id = "a" }', 7);
    expect(among?.values.map(({ value }) => value.value)).toEqual(['a', 'c']);
    expect(among?.other).toBe(0);
  });

  it('are quoted, whatever they hold', () => {
    expect(split(['a" || true'], '{}')?.values[0]?.query).toBe('{ baggage.tenant.id = "a\\" || true" }');
  });
});

describe('the field a heatmap is split by', () => {
  it('is one that a filter can name, and no duration', () => {
    expect(splitFieldOfTag('resource.service.name')).toEqual({ kind: 'service' });
    for (const bad of ['', 'duration', 'tenant', 'span.a = 1 && span.b', '1', 'span.a } | count() > 0 | {', '{}']) {
      expect(splitFieldOfTag(bad)).toBeUndefined();
    }
  });
});

describe('small heatmaps', () => {
  it('stand on the same rows and colours, and lose nothing by it', () => {
    const maps = [
      heatmap(3, 4, [[0, 0, 5, 1]], { firstRow: 90 }),
      heatmap(3, 2, [[2, 1, 40]], { firstRow: 101 }),
      heatmap(3, 0, [], { firstRow: 0 }),
    ];
    const grids = alikeGrids(maps);
    expect(grids.map(({ rows }) => rows)).toEqual([13, 13, 13]);
    expect(new Set(grids.map(({ edgesNs }) => edgesNs.join())).size).toBe(1);
    expect(grids.map(({ most }) => most)).toEqual([40, 40, 40]);
    expect(grids[0]!.counts[0]).toBe(5);
    expect(grids[0]!.errors[0]).toBe(1);
    expect(grids[1]!.counts[2 * 13 + 12]).toBe(40);
    expect(grids[2]!.counts.every(count => count === 0)).toBe(true);
    expect(alikeGrids([heatmap(3, 0, [], { firstRow: 0 })])[0]?.rows).toBe(0);
  });

  it('fit into any width, in rows of nearly the same length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 90, max: 4000 }), fc.integer({ min: 1, max: 4 }), (widthPx, count) => {
        const { perRow, width, columns } = splitLayout(widthPx, count);
        expect(perRow).toBeGreaterThanOrEqual(1);
        expect(perRow).toBeLessThanOrEqual(count);
        expect(62 + perRow * width + (perRow - 1) * 14).toBeLessThanOrEqual(Math.max(widthPx, 67));
        const plane = splitPlane(alikeGrids([heatmap(columns, 30)])[0]!, width);
        if (width >= 8) expect(plane.columns * plane.cellWidth).toBeLessThanOrEqual(width);
      }),
    );
    expect(splitLayout(600, 4).perRow).toBe(2);
    expect(splitLayout(831, 4).perRow).toBe(4);
    expect(splitLayout(780, 3).perRow).toBe(3);
  });
});
