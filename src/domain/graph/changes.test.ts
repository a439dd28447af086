import { describe, expect, test } from 'vitest';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import { changedEdges } from './changes.ts';
import type { Call } from './count-calls.ts';
import { firstBadColumn } from './first-bad.ts';
import { graphOfCalls } from './graph-of-calls.ts';
import type { ServiceGraph } from './service-graph.ts';

interface Load {
  readonly to: string;
  readonly calls: number;
  readonly failing?: number;
  /** Of the durations, which are exponential. */
  readonly meanMs?: number;
  readonly perTrace?: number;
}

/** Calls of web to some services, by chance. */
function graphOf(random: () => number, loads: readonly Load[]): ServiceGraph {
  const calls = loads.flatMap(({ to, calls, failing = 0.01, meanMs = 40, perTrace = 1 }) =>
    Array.from({ length: calls }, (_, i): Call => {
      const durationNs = Math.round(-Math.log(1 - random()) * meanMs * 1e6);
      const traceId = `${to} ${Math.floor(i / perTrace)}`;
      const failed = random() < failing;
      const rest = {
        toKind: 'service',
        toSystem: '',
        async: false,
        destination: '',
        queueNs: undefined,
        half: 'both',
      } as const;
      return { from: 'web', to, failed, durationNs, traceId, ...rest };
    }),
  );
  return graphOfCalls({ calls, requests: [], unnamed: [], unknownCallers: [] });
}

const told = (now: ServiceGraph, before: ServiceGraph) =>
  changedEdges(now, before, 60).map(({ edge, what, worse }) => `${edge.to} ${what}${worse ? ' worse' : ''}`);

describe('changed edges', () => {
  test('are those that got worse first, then the others', () => {
    const random = seededRandom(1);
    const before = graphOf(random, [
      { to: 'same', calls: 1000 },
      { to: 'failing', calls: 1000 },
      { to: 'slow', calls: 1000 },
      { to: 'busy', calls: 1000 },
      { to: 'gone', calls: 100 },
    ]);
    const now = graphOf(random, [
      { to: 'same', calls: 1020 },
      { to: 'failing', calls: 1000, failing: 0.2 },
      { to: 'slow', calls: 1000, meanMs: 160 },
      { to: 'busy', calls: 3000 },
      { to: 'new', calls: 100 },
    ]);
    expect(told(now, before)).toEqual(['failing errors worse', 'slow p95 worse', 'busy rate', 'new new', 'gone gone']);
    expect(told(before, now)).not.toContain('failing errors worse');
  });

  test('are none in noise: 10,000 edges of which nothing changed', () => {
    const random = seededRandom(2);
    const loads = Array.from({ length: 500 }, (_, i) => ({
      to: `s${i}`,
      calls: 20 + ((i * 37) % 400),
      failing: (i % 10) / 50,
    }));
    let marked = 0;
    for (let round = 0; round < 20; round++) {
      // Counts by chance as well, and calls that come in clusters.
      const noisy = (load: Load): Load => ({
        ...load,
        perTrace: 1 + (load.calls % 3),
        calls: poisson(random, load.calls),
      });
      marked += changedEdges(graphOf(random, loads.map(noisy)), graphOf(random, loads.map(noisy)), 60).length;
    }
    expect(marked).toBeLessThanOrEqual(10);
  });

  test('need more than a handful of calls', () => {
    const random = seededRandom(3);
    const before = graphOf(random, [{ to: 'rare', calls: 3, meanMs: 1 }]);
    const now = graphOf(random, [
      { to: 'rare', calls: 4, meanMs: 1000, failing: 1 },
      { to: 'once', calls: 1 },
    ]);
    expect(told(now, before)).toEqual([]);
  });
});

/** By the normal approximation. */
function poisson(random: () => number, mean: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(1, Math.round(mean + Math.sqrt(mean) * normal));
}

describe('the first bad column', () => {
  const columns = (text: string) =>
    Array.from(text, char => (char === ' ' ? { value: 0, calls: 0 } : { value: Number(char), calls: 10 }));

  test.each([
    ['22232223', '22228888', 4],
    ['22232223', '28222222', undefined],
    ['22232223', '28228888', 4],
    ['22232223', '22 8 8 8', 3],
    ['22232223', '22222222', undefined],
    ['        ', '88888888', undefined],
    ['22232223', '33333333', undefined],
  ])('%s then %s: %s', (before, now, expected) => {
    expect(firstBadColumn(columns(now), columns(before))).toBe(expected);
  });
});
