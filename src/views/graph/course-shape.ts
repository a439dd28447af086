/** One figure over a window in CSS px. */
export interface CourseShape {
  /** Path of the line; columns that tell nothing interrupt it. */
  readonly line: string;
  /** Between what 96 of 100 columns before lay; undefined without enough of them. */
  readonly band: { readonly y: number; readonly height: number } | undefined;
  readonly most: number;
}

/** `values` per column, undefined where a column tells nothing; `before` those of the window before. From 0 up. */
export function courseShape(
  values: readonly (number | undefined)[],
  before: readonly (number | undefined)[],
  width: number,
  height: number,
): CourseShape {
  const usual = before.filter(value => value !== undefined).sort((a, b) => a - b);
  const at = (share: number) => usual[Math.min(usual.length - 1, Math.floor(share * usual.length))] ?? 0;
  const [low, high] = [at(0.02), at(0.98)];
  let most = high;
  for (const value of values) most = Math.max(most, value ?? 0);
  const y = (value: number) => round(height - (most === 0 ? 0 : (value / most) * (height - 2)) - 1);
  const step = width / Math.max(1, values.length);
  let line = '';
  let isOpen = false;
  for (const [i, value] of values.entries()) {
    if (value === undefined) {
      isOpen = false;
      continue;
    }
    // A column alone is seen, too.
    line += `${isOpen ? 'L' : 'M'}${round(i * step)} ${y(value)}H${round((i + 1) * step)}`;
    isOpen = true;
  }
  const band = usual.length < 4 ? undefined : { y: y(high), height: Math.max(1, y(low) - y(high)) };
  return { line, band, most };
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
