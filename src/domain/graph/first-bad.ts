/** What a column holds of one figure; calls say how far it can be trusted. */
export interface FigureColumn {
  readonly value: number;
  readonly calls: number;
}

/** Columns of fewer calls tell nothing. */
const LEAST_CALLS = 5;
const USUAL = 0.98;
const MARGIN = 1.1;
/** So many columns from the first on are looked at; most of them must be bad, too. */
const LOOK_AHEAD = 4;

/**
 * The first column of `now` that lies above what was usual in `before` (the 98th percentile of its columns and a tenth more)
 * and is followed by columns most of which do so, too. Undefined if there is none, or too little to tell.
 */
export function firstBadColumn(now: readonly FigureColumn[], before: readonly FigureColumn[]): number | undefined {
  const usual = before.filter(({ calls }) => calls >= LEAST_CALLS).map(({ value }) => value);
  if (usual.length < LOOK_AHEAD) return undefined;
  usual.sort((a, b) => a - b);
  const limit = usual[Math.ceil(USUAL * usual.length) - 1] * MARGIN;
  const isBad = ({ value, calls }: FigureColumn): boolean => calls >= LEAST_CALLS && value > limit;
  const first = now.findIndex((column, i) => {
    if (!isBad(column)) return false;
    const next = now.slice(i, i + LOOK_AHEAD).filter(({ calls }) => calls >= LEAST_CALLS);
    return 2 * next.filter(isBad).length > next.length;
  });
  return first === -1 ? undefined : first;
}
