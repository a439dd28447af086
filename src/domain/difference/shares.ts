import type { DifferenceGroup, ValueShares } from '#domain/api/latency-api.ts';

/** Sizes of the two groups that are held against each other. */
export interface Groups {
  readonly selection: DifferenceGroup;
  readonly rest: DifferenceGroup;
}

/** How many of the compared have something. */
export interface GroupCounts {
  readonly selection: number;
  readonly rest: number;
}

export function sharesOf({ selection, rest }: Groups, counts: GroupCounts): ValueShares {
  const selectionShare = partOf(counts.selection, selection.compared);
  const restShare = partOf(counts.rest, rest.compared);
  return {
    selectionCount: counts.selection,
    restCount: counts.rest,
    selectionShare,
    restShare,
    ...(restShare > 0 && { lift: selectionShare / restShare }),
  };
}

/**
 * Cohen's h: the difference of two shares on the scale of 2·asin(√p), on which a difference means as much near 0 and 1 as in
 * the middle. −π … π. Source: J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988, ch. 6.
 */
export function cohensH({ selectionShare, restShare }: ValueShares): number {
  return 2 * (Math.asin(Math.sqrt(selectionShare)) - Math.asin(Math.sqrt(restShare)));
}

const Z_95 = 1.959964;

/**
 * Bounds of selection share − rest share, 95 %. Source: R. Newcombe, Interval estimation for the difference between
 * independent proportions, Statistics in Medicine 17, 1998, method 10.
 */
export function differenceBounds({ selection, rest }: Groups, shares: ValueShares): readonly [number, number] {
  const [p1, p2] = [shares.selectionShare, shares.restShare];
  const [low1, high1] = wilson(p1, selection.compared);
  const [low2, high2] = wilson(p2, rest.compared);
  return [p1 - p2 - Math.hypot(p1 - low1, high2 - p2), p1 - p2 + Math.hypot(high1 - p1, p2 - low2)];
}

/**
 * How well a condition names the selection, 0 … 1: the harmonic mean of the part of the selection that it covers and the part
 * of what it covers that is selected (F1), by the real sizes of the groups.
 */
export function namesSelection({ selection, rest }: Groups, { selectionShare, restShare }: ValueShares): number {
  const covered = selectionShare * selection.count;
  const beside = restShare * rest.count;
  return covered === 0 ? 0 : (2 * covered) / (covered + beside + selection.count);
}

function wilson(p: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const z2 = Z_95 * Z_95;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return [centre - half, centre + half];
}

function partOf(count: number, all: number): number {
  return all === 0 ? 0 : count / all;
}
