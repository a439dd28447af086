import { NBSP } from '#domain/format/number.ts';

export interface DurationTick {
  readonly ns: number;
  readonly label: string;
}

/** Round durations by unit; those of a decimal unit are 1, 2, 5, 10 …, those of a clock what clocks count in. */
const DECIMAL = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const UNITS: readonly (readonly [name: string, ns: number, multiples: readonly number[]])[] = [
  ['ns', 1, DECIMAL],
  ['µs', 1e3, DECIMAL],
  ['ms', 1e6, DECIMAL],
  ['s', 1e9, [1, 2, 5, 10, 20, 30]],
  ['m', 60e9, [1, 2, 5, 10, 20, 30]],
  ['h', 3600e9, [1, 2, 5, 10]],
  ['d', 86_400e9, DECIMAL],
];
const POWERS = [1, 10, 100];

/** Round durations within [fromNs, toNs], shortest first: powers of ten, and what lies between where there is room. */
export function durationTicks(fromNs: number, toNs: number, most: number): readonly DurationTick[] {
  const all = UNITS.flatMap(([name, unitNs, multiples]) =>
    multiples.map(multiple => ({ ns: multiple * unitNs, multiple, label: `${multiple}${NBSP}${name}` })),
  ).filter(({ ns }) => ns >= fromNs && ns <= toNs);
  const powers = all.filter(({ multiple }) => POWERS.includes(multiple));
  const chosen = all.length <= most || powers.length === 0 ? all : powers;
  const every = Math.max(1, Math.ceil(chosen.length / Math.max(1, most)));
  return chosen.filter((_, i) => i % every === 0).map(({ ns, label }) => ({ ns, label }));
}
