/** Rows of the heatmap: row r holds durations in [2^(r/4), 2^((r+1)/4)) ns, from 1 ns on. */
export const ROWS_PER_OCTAVE = 4;

/** By row: the smallest whole number of ns that lies in it or above, so that integers are told apart exactly. */
export const ROW_FLOORS_NS: readonly bigint[] = Array.from({ length: 63 * ROWS_PER_OCTAVE }, (_, row) =>
  ceilOfFourthRoot(1n << BigInt(row)),
);

/** The lower edge of a row. */
export function rowFloorNs(row: number, rowsPerOctave: number = ROWS_PER_OCTAVE): number {
  return 2 ** (row / rowsPerOctave);
}

/** The row of a duration; undefined for what is shorter than 1 ns. */
export function rowOfDuration(durationNs: bigint): number | undefined {
  if (durationNs < 1n) return undefined;
  let low = 0;
  let high = ROW_FLOORS_NS.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ROW_FLOORS_NS[middle] <= durationNs) low = middle;
    else high = middle - 1;
  }
  return low;
}

function ceilOfFourthRoot(value: bigint): bigint {
  let low = 1n;
  let high = 1n << 16n;
  while (high ** 4n < value) high <<= 1n;
  while (low < high) {
    const middle = (low + high) >> 1n;
    if (middle ** 4n >= value) high = middle;
    else low = middle + 1n;
  }
  return low;
}
