// Rows as ascending lists: matches, errors, the critical path.

/** The rows of a mask, ascending. */
export function rowsOfMask(mask: Uint8Array): Int32Array {
  let count = 0;
  for (let row = 0; row < mask.length; row++) count += mask[row];
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; row < mask.length; row++) if (mask[row] === 1) rows[at++] = row;
  return rows;
}

/** The first of ascending `rows` after `row` (before it when `backwards`), round the end; undefined if there is none. */
export function nextOf(rows: Int32Array, row: number, backwards: boolean): number | undefined {
  if (rows.length === 0) return undefined;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (backwards ? rows[middle] < row : rows[middle] <= row) low = middle + 1;
    else high = middle;
  }
  return rows[(backwards ? low - 1 + rows.length : low) % rows.length];
}

/** 1-based place of `row` among ascending `rows`, 0 if it is not one of them. */
export function placeOf(rows: Int32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row ? low + 1 : 0;
}
