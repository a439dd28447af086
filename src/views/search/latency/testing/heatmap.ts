import type { LatencyHeatmap } from '#domain/api/latency-api.ts';

/** A heatmap of `rows` × `columns` from 14:00 UTC on, 30 s a column, quarter octaves from about 1 ms; empty but for `cells`. */
export function heatmap(
  columns: number,
  rows: number,
  cells: readonly (readonly [column: number, row: number, count: number, errors?: number])[] = [],
  change: Partial<LatencyHeatmap> = {},
): LatencyHeatmap {
  const counts = new Array<number>(columns * rows).fill(0);
  const errors = new Array<number>(columns * rows).fill(0);
  for (const [column, row, count, failed = 0] of cells) {
    counts[column * rows + row] = count;
    errors[column * rows + row] = failed;
  }
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  return {
    of: 'traces',
    covers: 'every matching trace',
    estimated: false,
    observed: sum(counts),
    startUnixNano: String(BigInt(Date.UTC(2026, 8, 17, 14)) * 1_000_000n),
    stepNs: 30e9,
    columns,
    rowsPerOctave: 4,
    upperInclusive: false,
    firstRow: 80,
    rows,
    counts,
    errors,
    total: sum(counts),
    totalErrors: sum(errors),
    below: { count: 0, errors: 0 },
    withoutDuration: { count: 0, errors: 0 },
    withoutRoot: 0,
    p01Ns: 1e6,
    maxNs: 1e9,
    ...change,
  };
}
