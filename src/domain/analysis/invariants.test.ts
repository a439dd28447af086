import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serviceOf } from '#domain/trace/service-of.ts';
import { SpanKind, StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { type CriticalPath, type CriticalPathOptions, criticalPath } from './critical-path.ts';
import { ribbonOf } from './ribbon.ts';
import { selfTimeNs } from './self-time.ts';
import { pathText } from './testing/path-text.ts';
import { type AnalysedSpan, tableOf } from './testing/table-of.ts';
import { traceRoots } from './trace-roots.ts';

const SERVICES = ['gateway', 'cart', 'payment', undefined] as const;

/**
 * Random forests with everything that happens to real ones: children outside their parents, touching and overlapping
 * siblings, zero and negative durations, all kinds, now and then a second root or a parent that is missing. The first
 * span is a root. Times are small integers, so that ends meet often.
 */
function arbitrarySpans(maxSpans = 40): fc.Arbitrary<AnalysedSpan[]> {
  const shape = fc.record({
    parent: fc.nat(),
    from: fc.integer({ min: -20, max: 120 }),
    length: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 80 }) },
      { weight: 1, arbitrary: fc.constantFrom(0, -5) },
    ),
    rootless: fc.constantFrom('no', 'no', 'no', 'no', 'no', 'no', 'no', 'no', 'root', 'orphan'),
    service: fc.constantFrom(...SERVICES),
    kind: fc.integer({ min: 0, max: 5 }),
    status: fc.constantFrom(0, 0, 0, 1, 2),
  });
  return fc.array(shape, { minLength: 1, maxLength: maxSpans }).map(shapes =>
    shapes.map(({ parent, from, length, rootless, service, kind, status }, i): AnalysedSpan => {
      const above = i === 0 || rootless === 'root' ? {} : { parent: rootless === 'orphan' ? 'lost' : `s${parent % i}` };
      const named = service === undefined ? {} : { service };
      return { id: `s${i}`, from, to: from + (i === 0 ? 100 : length), kind, status, ...above, ...named };
    }),
  );
}

const pathOf = (spans: readonly AnalysedSpan[], options?: CriticalPathOptions) => {
  const table = tableOf(spans);
  return pathText(table, criticalPath(table, undefined, options));
};

describe('the critical path of any trace', () => {
  const paths = (check: (table: TraceTable, path: CriticalPath, spans: readonly AnalysedSpan[]) => void) =>
    fc.assert(
      fc.property(arbitrarySpans(), fc.constantFrom(0, 0.01, 0.2), (spans, toleratedOverlap) => {
        const table = tableOf(spans);
        for (const rootRow of traceRoots(table)) {
          check(table, criticalPath(table, rootRow, { toleratedOverlap }), spans);
        }
      }),
      { numRuns: 300 },
    );

  it('the pieces add up to the duration of the root, exactly', () => {
    paths((table, path) => {
      let sum = 0;
      for (let i = 0; i < path.row.length; i++) sum += path.toNs[i] - path.fromNs[i];
      expect(sum).toBe(Math.max(0, table.spanDurationNs[path.rootRow]));
    });
  });

  it('they touch, in order, from the start of the root to its end', () => {
    paths((table, path) => {
      let at = table.startNs[path.rootRow];
      for (let i = 0; i < path.row.length; i++) {
        expect(path.fromNs[i]).toBe(at);
        expect(path.toNs[i]).toBeGreaterThan(at);
        at = path.toNs[i];
      }
    });
  });

  it('each lies inside its own span, below the root', () => {
    paths((table, path) => {
      for (const [i, row] of path.row.entries()) {
        expect(path.fromNs[i]).toBeGreaterThanOrEqual(table.startNs[row]);
        expect(path.toNs[i]).toBeLessThanOrEqual(table.startNs[row] + table.spanDurationNs[row]);
        let above = row;
        while (above !== path.rootRow && above >= 0) above = table.parent[above];
        expect(above).toBe(path.rootRow);
      }
    });
  });

  it('the order in which spans arrive does not matter', () => {
    const permuted = arbitrarySpans().chain(spans =>
      fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length, maxLength: spans.length })),
    );
    fc.assert(fc.property(permuted, ([spans, others]) => void expect(pathOf(others)).toBe(pathOf(spans))));
  });

  it('the time of day does not matter', () => {
    fc.assert(
      fc.property(
        arbitrarySpans(),
        fc.bigInt({ min: -1_000_000_000_000_000_000n, max: 10n ** 18n }),
        (spans, shift) => {
          const [here, there] = [tableOf(spans), tableOf(spans, shift)];
          expect(criticalPath(there)).toEqual(criticalPath(here));
        },
      ),
    );
  });

  it('without the noise rule, removing a subtree that is not on the path changes nothing', () => {
    fc.assert(
      fc.property(arbitrarySpans(), fc.nat(), (spans, pick) => {
        const table = tableOf(spans);
        const before = criticalPath(table, undefined, { toleratedOverlap: 0 });
        const onPath = new Set(before.row);
        const off = Array.from({ length: table.length }, (_, row) => row).filter(row => {
          if (row === before.rootRow || table.parent[row] < 0) return false;
          for (let below = row; below < table.subtreeEnd[row]; below++) if (onPath.has(below)) return false;
          return true;
        });
        fc.pre(off.length > 0);
        const cut = off[pick % off.length];
        const removed = new Set<string>();
        for (let row = cut; row < table.subtreeEnd[cut]; row++) removed.add(table.strings.at(table.name[row]));
        const rest = spans.filter(span => !removed.has(span.id));
        expect(pathOf(rest, { toleratedOverlap: 0 })).toBe(pathText(table, before));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the ribbon of any trace', () => {
  const ribbons = (check: (table: TraceTable, ribbon: ReturnType<typeof ribbonOf>) => void) =>
    fc.assert(
      fc.property(arbitrarySpans(), spans => {
        const table = tableOf(spans);
        check(table, ribbonOf(table));
      }),
      { numRuns: 300 },
    );

  it('adds up to the duration of the root, exactly', () => {
    ribbons((_table, { lengthNs, durationNs }) => {
      expect(lengthNs.reduce((sum, length) => sum + length, 0)).toBe(durationNs);
    });
  });

  it('is the critical path by service: neighbours differ, and each service has the time it has on the path', () => {
    ribbons((table, { services, service, lengthNs }) => {
      const byService = (names: Iterable<string>, lengths: Float64Array) => {
        const sums = new Map<string, number>();
        let i = 0;
        for (const name of names) sums.set(name, (sums.get(name) ?? 0) + lengths[i++]);
        return sums;
      };
      for (let i = 1; i < service.length; i++) expect(service[i]).not.toBe(service[i - 1]);
      const path = criticalPath(table);
      const pieces = path.toNs.map((to, i) => to - path.fromNs[i]);
      expect(
        byService(
          Array.from(service, index => services[index]),
          lengthNs,
        ),
      ).toEqual(
        byService(
          Array.from(path.row, row => serviceOf(table, row)),
          pieces,
        ),
      );
    });
  });

  it('marks failures within the root, in order, no more than there are', () => {
    ribbons((table, { errorNs, durationNs }) => {
      expect(errorNs.length).toBeLessThanOrEqual(table.status.filter(status => status === StatusCode.error).length);
      for (const [i, at] of errorNs.entries()) {
        expect(at > 0 && at <= durationNs).toBe(true);
        if (i > 0) expect(at).toBeGreaterThanOrEqual(errorNs[i - 1]);
      }
    });
  });
});

describe('the self time of any trace', () => {
  it('is what counting nanosecond by nanosecond gives', () => {
    fc.assert(
      fc.property(arbitrarySpans(12), spans => {
        const table = tableOf(spans);
        expect(Array.from(selfTimeNs(table))).toEqual(
          Array.from({ length: table.length }, (_, row) => counted(table, row)),
        );
      }),
    );
  });

  function counted(table: TraceTable, row: number): number {
    let alone = 0;
    for (let at = table.startNs[row]; at < table.startNs[row] + table.spanDurationNs[row]; at++) {
      let covered = false;
      for (let child = row + 1; child < table.subtreeEnd[row]; child = table.subtreeEnd[child]) {
        if (table.kind[row] === SpanKind.producer && table.kind[child] === SpanKind.consumer) continue;
        covered ||= table.startNs[child] <= at && at < table.startNs[child] + table.spanDurationNs[child];
      }
      if (!covered) alone++;
    }
    return alone;
  }
});
