import type { Candidate } from './compare-fields.ts';
import type { Comparison } from './correction.ts';
import { fisherExact, smallestFisher } from './fisher.ts';
import { type GroupCounts, type Groups, namesSelection, sharesOf } from './shares.ts';

/** Two conditions that hold together. */
export interface ComparedPair extends Comparison {
  readonly parts: readonly [Candidate, Candidate];
  readonly counts: GroupCounts;
  /** How well the pair names the selection, 0 … 1. */
  readonly names: number;
}

/** By how much a pair must name the selection better than either of its parts; otherwise its p is 1. */
const MIN_GAIN = 0.1;

/**
 * Compares candidates two by two. `members`: per candidate the units that fulfil it; the selection's are numbered from 0, those
 * of the rest follow. A pair is only as likely as the weaker of its two steps: that the second part differs among those that
 * have the first, and the first among those that have the second.
 */
export function comparePairs(
  groups: Groups,
  candidates: readonly Candidate[],
  members: readonly Iterable<number>[],
): readonly ComparedPair[] {
  const split = groups.selection.compared;
  const size = split + groups.rest.compared;
  const sets = members.map(units => bitsOf(units, size));
  const alone = candidates.map(({ counts }) => namesSelection(groups, sharesOf(groups, counts)));
  const pairs: ComparedPair[] = [];
  for (let i = 0; i < candidates.length; i++) {
    for (let j = i + 1; j < candidates.length; j++) {
      const [a, b] = [candidates[i], candidates[j]];
      if (a.part.field === b.part.field) continue;
      const counts = countBoth(sets[i], sets[j], split);
      const names = namesSelection(groups, sharesOf(groups, counts));
      const gain = names - Math.max(alone[i], alone[j]);
      const marked = counts.selection + counts.rest;
      const steps = [a.counts, b.counts];
      pairs.push({
        parts: [a, b],
        counts,
        names,
        p: gain < MIN_GAIN ? 1 : Math.max(...steps.map(among => withinP(counts, among))),
        smallestP: Math.max(...steps.map(among => smallestFisher(marked, among.selection, among.rest))),
      });
    }
  }
  return pairs;
}

function withinP(both: GroupCounts, among: GroupCounts): number {
  return fisherExact(both.selection, among.selection, both.rest, among.rest);
}

function bitsOf(units: Iterable<number>, size: number): Uint32Array {
  const bits = new Uint32Array((size + 31) >> 5);
  for (const unit of units) bits[unit >> 5] |= 1 << (unit & 31);
  return bits;
}

function countBoth(a: Uint32Array, b: Uint32Array, split: number): GroupCounts {
  let [selection, rest] = [0, 0];
  const middle = split >> 5;
  for (let i = 0; i < a.length; i++) {
    const both = a[i] & b[i];
    if (both === 0) continue;
    if (i < middle) selection += bitCount(both);
    else if (i > middle) rest += bitCount(both);
    else {
      const own = (1 << (split & 31)) - 1;
      selection += bitCount(both & own);
      rest += bitCount(both & ~own);
    }
  }
  return { selection, rest };
}

function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
