/** A number and how often each group has it. */
export interface NumberCount {
  readonly value: number;
  readonly selection: number;
  readonly rest: number;
}

export interface KolmogorovResult {
  /** Largest difference between the two distribution functions, 0 … 1. */
  readonly distance: number;
  readonly p: number;
  /** The selection has more on this side. */
  readonly operator: '>=' | '<';
  readonly threshold: number;
  /** Of those that have a number: how many lie on that side. */
  readonly selection: number;
  readonly rest: number;
}

/**
 * Two-sample Kolmogorov–Smirnov test. The numbers ascend. p by the asymptotic distribution with Stephens' correction for
 * small samples; among many equal numbers it is too large rather than too small. Undefined where a group is empty. Source:
 * M. A. Stephens, Use of the Kolmogorov–Smirnov statistics without extensive tables, J. R. Stat. Soc. B 32, 1970.
 */
export function kolmogorov(numbers: readonly NumberCount[]): KolmogorovResult | undefined {
  const total = { selection: 0, rest: 0 };
  for (const { selection, rest } of numbers) {
    total.selection += selection;
    total.rest += rest;
  }
  if (total.selection === 0 || total.rest === 0) return undefined;
  const below = { selection: 0, rest: 0 };
  let best = { difference: 0, at: 0, selection: 0, rest: 0 };
  numbers.forEach((each, i) => {
    below.selection += each.selection;
    below.rest += each.rest;
    const difference = below.selection / total.selection - below.rest / total.rest;
    if (Math.abs(difference) > Math.abs(best.difference)) best = { difference, at: i + 1, ...below };
  });
  if (best.difference === 0) {
    const { value } = numbers[0];
    return { distance: 0, p: 1, operator: '>=', threshold: value, ...total };
  }
  const distance = Math.abs(best.difference);
  // What lies below the threshold was counted; more of the selection there means that it has the smaller numbers.
  const isSmaller = best.difference > 0;
  return {
    distance,
    p: chanceOf(distance, total.selection, total.rest),
    operator: isSmaller ? '<' : '>=',
    threshold: numbers[best.at].value,
    selection: isSmaller ? best.selection : total.selection - best.selection,
    rest: isSmaller ? best.rest : total.rest - best.rest,
  };
}

function chanceOf(distance: number, n1: number, n2: number): number {
  const root = Math.sqrt((n1 * n2) / (n1 + n2));
  const lambda = (root + 0.12 + 0.11 / root) * distance;
  // The series converges slowly where p is 1 to all digits that matter.
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * lambda * lambda);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-17 * Math.abs(sum)) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/** Values at these parts of one group's numbers, at rank ⌈p·n⌉. */
export function quantilesOf(
  numbers: readonly NumberCount[],
  group: 'selection' | 'rest',
  parts: readonly number[],
): readonly number[] {
  const total = numbers.reduce((sum, each) => sum + each[group], 0);
  const found: number[] = [];
  let seen = 0;
  for (const each of numbers) {
    seen += each[group];
    while (found.length < parts.length && seen >= Math.max(1, Math.ceil(parts[found.length] * total))) {
      found.push(each.value);
    }
  }
  return found;
}
