import type { PairPart } from '#domain/api/latency-api.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { Comparison } from './correction.ts';
import { fisherExact, smallestFisher } from './fisher.ts';
import { type KolmogorovResult, kolmogorov, type NumberCount } from './kolmogorov.ts';
import { cohensH, type GroupCounts, type Groups, sharesOf } from './shares.ts';

/** What the compared have in one field. */
export interface FieldCounts {
  /** In TraceQL. */
  readonly field: string;
  readonly values: readonly (GroupCounts & { readonly value: TagValue })[];
  /** Distinct values, also those that are not listed. */
  readonly distinct: number;
  /** How many have the field at all. */
  readonly carried: GroupCounts;
}

export interface ComparedValue extends Comparison {
  readonly value: TagValue;
  readonly counts: GroupCounts;
  /** Cohen's h. */
  readonly effect: number;
}

export type ComparedField =
  | { readonly kind: 'categorical'; readonly counts: FieldCounts; readonly values: readonly ComparedValue[] }
  | ({
      readonly kind: 'numeric';
      readonly counts: FieldCounts;
      readonly numbers: readonly NumberCount[];
      readonly split: KolmogorovResult;
      readonly effect: number;
    } & Comparison);

/** Numbers of which there are more are compared by their distribution, fewer one by one. */
const MAX_SEPARATE_NUMBERS = 12;
/** Fewer with a number in either group tell nothing of its distribution. */
const MIN_NUMBERS = 5;

/** Compares one field; p values are not corrected yet. */
export function compareField(groups: Groups, counts: FieldCounts): ComparedField {
  const isNumeric = counts.values.every(({ value }) => value.type === 'int' || value.type === 'float');
  if (isNumeric && counts.distinct > MAX_SEPARATE_NUMBERS) {
    const numbers = counts.values
      .map(({ value, selection, rest }) => ({ value: Number(value.value), selection, rest }))
      .sort((a, b) => a.value - b.value);
    const split = kolmogorov(numbers);
    if (split !== undefined && counts.carried.selection >= MIN_NUMBERS && counts.carried.rest >= MIN_NUMBERS) {
      const effect = Math.abs(cohensH(sharesOf(groups, split)));
      return { kind: 'numeric', counts, numbers, split, effect, p: split.p, smallestP: 0 };
    }
    return { kind: 'categorical', counts, values: [] };
  }
  const [n1, n2] = [groups.selection.compared, groups.rest.compared];
  const values = counts.values.map(({ value, selection, rest }) => ({
    value,
    counts: { selection, rest },
    effect: cohensH(sharesOf(groups, { selection, rest })),
    p: fisherExact(selection, n1, rest, n2),
    smallestP: smallestFisher(selection + rest, n1, n2),
  }));
  return { kind: 'categorical', counts, values };
}

/** A condition that holds more often in the selection, as a part of pairs. */
export interface Candidate {
  readonly part: PairPart;
  readonly counts: GroupCounts;
}

const MAX_CANDIDATES = 48;
const MIN_SHARE = 0.05;
/** By itself, before any correction: what looks like nothing is no half of a cause. */
const MAX_P = 0.05;

/** The conditions that are worth pairing, by falling effect. */
export function pairCandidates(groups: Groups, fields: readonly ComparedField[]): readonly Candidate[] {
  const found: (Candidate & { readonly effect: number })[] = [];
  for (const field of fields) {
    const { field: name } = field.counts;
    if (field.kind === 'numeric') {
      if (field.p > MAX_P) continue;
      const { operator, threshold, selection, rest } = field.split;
      const type = Number.isInteger(threshold) ? 'int' : 'float';
      const part: PairPart = { field: name, operator, value: { type, value: String(threshold) } };
      found.push({ part, counts: { selection, rest }, effect: field.effect });
      continue;
    }
    for (const { value, counts, effect, p } of field.values) {
      if (effect > 0 && p <= MAX_P) found.push({ part: { field: name, operator: '=', value }, counts, effect });
    }
  }
  const least = MIN_SHARE * groups.selection.compared;
  return found
    .filter(({ counts }) => counts.selection >= least)
    .sort((a, b) => b.effect - a.effect)
    .slice(0, MAX_CANDIDATES);
}
