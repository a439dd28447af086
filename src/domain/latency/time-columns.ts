/** Columns of equal width over [start, end), in unix ns. */
export interface ColumnGrid {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly stepNs: bigint;
  readonly columns: number;
}

/** At most so many columns as are asked for; fewer over less than so many ns. The last may reach beyond the end. */
export function columnGrid(startNs: bigint, endNs: bigint, columns: number): ColumnGrid {
  const width = endNs - startNs;
  const stepNs = (width + BigInt(columns) - 1n) / BigInt(columns);
  return { startNs, endNs, stepNs, columns: Number((width + stepNs - 1n) / stepNs) };
}

/** As the answers tell it. */
export function describeGrid({ startNs, stepNs, columns }: ColumnGrid) {
  return { startUnixNano: String(startNs), stepNs: Number(stepNs), columns };
}
