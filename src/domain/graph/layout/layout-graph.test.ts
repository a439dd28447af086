import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import { type GraphLayout, layoutGraph } from './layout-graph.ts';

const SIZE = { nodeWidth: 150, nodeHeight: 40, columnGap: 60, rowGap: 16 };

/** `a>b b>c d`: edges, and nodes that stand alone. */
function layout(text: string, before?: ReadonlyMap<string, number>) {
  const words = text.trim().split(/\s+/);
  const names = [...new Set(words.flatMap(word => word.split('>')))];
  const edges = words.filter(word => word.includes('>')).map(word => word.split('>').map(name => names.indexOf(name)));
  const laid = layoutGraph({
    nodes: names.length,
    from: Int32Array.from(edges, ([from]) => from),
    to: Int32Array.from(edges, ([, to]) => to),
    weight: Float64Array.from(names, (_, i) => names.length - i),
    group: undefined,
    before: before && Float64Array.from(names, name => before.get(name) ?? Number.NaN),
    size: SIZE,
  });
  const column = (name: string) => laid.x[names.indexOf(name)] / (SIZE.nodeWidth + SIZE.columnGap);
  const y = new Map(names.map((name, i) => [name, laid.y[i]]));
  return { ...laid, names, column, top: y };
}

describe('a layered layout', () => {
  test('has callers left of those they call', () => {
    const { column } = layout('web>cart web>pay cart>redis pay>bank cart>pay');
    expect(['web', 'cart', 'pay', 'redis', 'bank'].map(column)).toEqual([0, 1, 2, 2, 3]);
  });

  test('puts a caller that is called by nobody beside those it calls', () => {
    expect(layout('web>cart cart>pay pay>bank cron>bank').column('cron')).toBe(2);
  });

  test('turns as few calls of a cycle round as there are cycles', () => {
    const { column } = layout('a>b b>c c>a');
    expect(['a', 'b', 'c'].map(column).sort()).toEqual([0, 1, 2]);
  });

  test('has no crossing where none is needed', () => {
    const { top } = layout('a>x b>y c>z a>y b>z');
    const order = (...names: readonly string[]) =>
      [...names].sort((p, q) => (top.get(p) ?? 0) - (top.get(q) ?? 0)).join('');
    expect([order('a', 'b', 'c'), order('x', 'y', 'z')]).toEqual(['abc', 'xyz']);
  });

  test('straightens a chain', () => {
    const { top } = layout('a>b b>c c>d');
    expect(new Set(top.values()).size).toBe(1);
  });

  test('puts parts that do not hang together below one another, and lonely nodes last', () => {
    const { top } = layout('x>y a>b b>c lone lone>lone');
    expect((top.get('x') ?? 0) > (top.get('c') ?? 0)).toBe(true);
    expect((top.get('lone') ?? 0) > (top.get('x') ?? 0)).toBe(true);
  });

  test('stays when it is laid out again with something new', () => {
    const first = layout('web>a web>b web>c a>d b>d c>e');
    const again = layout('web>a web>b web>c a>d b>d c>e c>new', first.top);
    const order = (of: ReadonlyMap<string, number>, names: readonly string[]) =>
      [...names].sort((p, q) => (of.get(p) ?? 0) - (of.get(q) ?? 0));
    expect(order(again.top, ['a', 'b', 'c'])).toEqual(order(first.top, ['a', 'b', 'c']));
    expect(order(again.top, ['d', 'e'])).toEqual(order(first.top, ['d', 'e']));
  });

  test('of nothing is nothing', () => {
    const none = new Int32Array();
    const laid = layoutGraph({
      nodes: 0,
      from: none,
      to: none,
      weight: new Float64Array(),
      before: undefined,
      group: undefined,
      size: SIZE,
    });
    expect([laid.width, laid.height]).toEqual([0, 0]);
  });
});

test('any graph: nothing overlaps, edges begin and end at their nodes, the same comes out again', () => {
  const graphs = fc.record({ nodes: fc.integer({ min: 1, max: 25 }), seed: fc.nat(), edges: fc.nat(60) });
  fc.assert(
    fc.property(graphs, ({ nodes, seed, edges }) => {
      const random = seededRandom(seed);
      const pick = () => Math.floor(random() * nodes);
      const input = {
        nodes,
        from: Int32Array.from({ length: edges }, pick),
        to: Int32Array.from({ length: edges }, pick),
        weight: Float64Array.from({ length: nodes }, random),
        before: undefined,
        group: undefined,
        size: SIZE,
      };
      const laid = layoutGraph(input);
      expectApart(laid);
      for (let e = 0; e < edges; e++) {
        const [first, last] = [2 * laid.pointOffset[e], 2 * laid.pointOffset[e + 1] - 2];
        const middle = (node: number) => laid.y[node] + SIZE.nodeHeight / 2;
        expect(laid.points[first + 1]).toBeCloseTo(middle(input.from[e]), 6);
        expect(laid.points[last + 1]).toBeCloseTo(middle(input.to[e]), 6);
      }
      expect(layoutGraph(input)).toEqual(laid);
    }),
  );
});

test('any grouped graph: nodes stand in the frame of their group and in no other, frames stand apart, edges meet their nodes', () => {
  const graphs = fc.record({
    nodes: fc.integer({ min: 1, max: 25 }),
    groups: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
    edges: fc.nat(60),
  });
  fc.assert(
    fc.property(graphs, ({ nodes, groups, seed, edges }) => {
      const random = seededRandom(seed);
      const pick = (of: number) => Math.floor(random() * of);
      // The first of them make sure that no group is without a member.
      const group = Int32Array.from({ length: nodes }, (_, i) => (i < groups ? i : pick(groups + 1) - 1));
      const input = {
        nodes,
        from: Int32Array.from({ length: edges }, () => pick(nodes)),
        to: Int32Array.from({ length: edges }, () => pick(nodes)),
        weight: Float64Array.from({ length: nodes }, random),
        before: undefined,
        group,
        size: SIZE,
      };
      const laid = layoutGraph(input);
      expectApart(laid);
      const count = Math.min(groups, nodes);
      expect(laid.frames).toHaveLength(4 * count);
      const frames = Array.from({ length: count }, (_, g) => [...laid.frames.subarray(4 * g, 4 * g + 4)]);
      for (const [g, [left, top, width, height]] of frames.entries()) {
        expect(left >= -1e-6 && top >= -1e-6).toBe(true);
        expect(left + width <= laid.width + 1e-6 && top + height <= laid.height + 1e-6).toBe(true);
        for (let node = 0; node < nodes; node++) {
          const [x, y] = [laid.x[node], laid.y[node]];
          const isInside =
            x >= left && y >= top && x + SIZE.nodeWidth <= left + width && y + SIZE.nodeHeight <= top + height;
          const isOutside =
            x >= left + width || x + SIZE.nodeWidth <= left || y >= top + height || y + SIZE.nodeHeight <= top;
          expect([isInside, isOutside]).toEqual([group[node] === g, group[node] !== g]);
        }
        for (const [otherLeft, otherTop, otherWidth, otherHeight] of frames.slice(0, g)) {
          const areApart =
            left >= otherLeft + otherWidth ||
            otherLeft >= left + width ||
            top >= otherTop + otherHeight ||
            otherTop >= top + height;
          expect(areApart).toBe(true);
        }
      }
      for (let e = 0; e < edges; e++) {
        const route = laid.points.subarray(2 * laid.pointOffset[e], 2 * laid.pointOffset[e + 1]);
        expect(route.length % 4).toBe(0);
        const ends = [input.from[e], input.to[e]] as const;
        for (const [i, [x, y]] of [[route[0], route[1]] as const, [route.at(-2)!, route.at(-1)!] as const].entries()) {
          expect(y).toBeCloseTo(laid.y[ends[i]] + SIZE.nodeHeight / 2, 6);
          const left = laid.x[ends[i]];
          expect(Math.min(Math.abs(x - left), Math.abs(x - left - SIZE.nodeWidth))).toBeLessThan(1e-6);
        }
      }
      expect(layoutGraph(input)).toEqual(laid);
    }),
  );
});

function expectApart({ x, y, width, height }: GraphLayout): void {
  for (let a = 0; a < x.length; a++) {
    expect(x[a] >= 0 && x[a] + SIZE.nodeWidth <= width + 1e-6).toBe(true);
    expect(y[a] >= -1e-6 && y[a] + SIZE.nodeHeight <= height + 1e-6).toBe(true);
    for (let b = 0; b < a; b++) {
      const apart =
        Math.abs(x[a] - x[b]) >= SIZE.nodeWidth || Math.abs(y[a] - y[b]) >= SIZE.nodeHeight + SIZE.rowGap - 1e-6;
      expect(apart).toBe(true);
    }
  }
}
