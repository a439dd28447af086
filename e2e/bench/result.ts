/** One line of the bench's output. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly ok: boolean;
  readonly [detail: string]: unknown;
}

type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** A figure beside its target; `details` are printed with it. */
export function figure(
  name: string,
  value: number,
  unit: string,
  bound: Bound,
  details: Record<string, unknown> = {},
): Figure {
  const atLeast = 'atLeast' in bound;
  const ok = atLeast ? value >= bound.atLeast : value <= bound.atMost;
  return {
    name,
    value: round(value),
    unit,
    target: atLeast ? `>= ${bound.atLeast}` : `<= ${bound.atMost}`,
    ok,
    ...details,
  };
}

/** The value below which the given part (0 … 1) of the sample lies. */
export function quantile(sample: readonly number[], part: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** Three significant digits, as the figures carry no more. */
export function round(value: number): number {
  return Number(value.toPrecision(value >= 1_000 ? Math.ceil(Math.log10(value + 1)) : 3));
}
