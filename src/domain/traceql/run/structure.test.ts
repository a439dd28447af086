import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nestedSetOf } from './nested-set.ts';
import { relate } from './structure.ts';

/** parent[i] is the index of the parent, -1 for a root, -2 for a parent that is missing. */
function spansOf(parents: readonly number[]): { spanId: bigint; parentId: bigint }[] {
  return parents.map((p, i) => ({ spanId: BigInt(i + 1), parentId: p === -1 ? 0n : p === -2 ? 999n : BigInt(p + 1) }));
}

test('numbers a tree depth-first, siblings in order, orphans not at all', () => {
  //  0 ├ 1 └ 2 (└ 3)      4 is an orphan, 5 hangs on it      6 is a second root
  const nested = nestedSetOf(spansOf([-1, 0, 0, 2, -2, 4, -1]));
  expect([...nested.left]).toEqual([1, 2, 4, 5, 0, 0, 9]);
  expect([...nested.right]).toEqual([8, 3, 7, 6, 0, 0, 10]);
  expect([...nested.parent]).toEqual([-1, 1, 1, 4, 0, 0, -1]);
  expect([...nested.childCount]).toEqual([2, 0, 1, 0, 1, 0, 0]);
});

test('cycles and spans that name themselves hang on no root', () => {
  const nested = nestedSetOf(spansOf([-1, 2, 1, 3, 0]));
  expect([...nested.left]).toEqual([1, 0, 0, 0, 2]);
});

/** Parents before children; now and then a missing one. */
const forest = fc
  .array(fc.nat(), { minLength: 1, maxLength: 30 })
  .map(draws => draws.map((draw, i) => (i === 0 || draw % 9 === 0 ? -1 : draw % 11 === 0 ? -2 : draw % i)));

test('left and right nest exactly as the tree does', () => {
  fc.assert(
    fc.property(forest, parents => {
      const { left, right, parent, parentIndex, order } = nestedSetOf(spansOf(parents));
      for (const i of order) {
        expect(left[i] < right[i]).toBe(true);
        expect(parent[i]).toBe(parentIndex[i] < 0 ? -1 : left[parentIndex[i]]);
        for (const k of order) expect(left[i] < left[k] && right[k] < right[i]).toBe(isAncestor(parents, i, k));
      }
      const numbers = [...order].flatMap(i => [left[i], right[i]]).sort((a, b) => a - b);
      expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    }),
  );
});

test('relations are what their definitions say, span by span', () => {
  const set = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(forest, set, set, fc.constantFrom('>', '>>', '<', '<<', '~'), (parents, inLeft, inRight, relation) => {
      const nested = nestedSetOf(spansOf(parents));
      const n = parents.length;
      const [left, right] = [inLeft, inRight].map(members =>
        Uint8Array.from({ length: n }, (_, i) => Number(members[i])),
      );
      const connected = (i: number) => nested.left[i] > 0;
      const related = (l: number, r: number) => connected(l) && connected(r) && DEFINITIONS[relation](parents, l, r);
      const all = Array.from({ length: n }, (_, i) => i);
      const rights = all.filter(r => right[r] === 1 && all.some(l => left[l] === 1 && related(l, r)));
      const lefts = all.filter(l => left[l] === 1 && all.some(r => right[r] === 1 && related(l, r)));
      const members = (out: Uint8Array) => all.filter(i => out[i] === 1);
      expect(members(relate({ relation, mode: 'right' }, nested, left, right))).toEqual(rights);
      expect(members(relate({ relation, mode: 'union' }, nested, left, right))).toEqual(
        all.filter(i => rights.includes(i) || lefts.includes(i)),
      );
      expect(members(relate({ relation, mode: 'negated' }, nested, left, right))).toEqual(
        all.filter(i => right[i] === 1 && connected(i) && !rights.includes(i)),
      );
    }),
    { numRuns: 300 },
  );
});

const DEFINITIONS = {
  '>': (parents: readonly number[], l: number, r: number) => parents[r] === l,
  '>>': (parents: readonly number[], l: number, r: number) => isAncestor(parents, l, r),
  '<': (parents: readonly number[], l: number, r: number) => parents[l] === r,
  '<<': (parents: readonly number[], l: number, r: number) => isAncestor(parents, r, l),
  // Two roots are siblings; nobody is one's own.
  '~': (parents: readonly number[], l: number, r: number) => l !== r && parents[l] === parents[r],
};

function isAncestor(parents: readonly number[], above: number, below: number): boolean {
  for (let p = parents[below]; p >= 0; p = parents[p]) if (p === above) return true;
  return false;
}
