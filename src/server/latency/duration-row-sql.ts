import { ROW_FLOORS_NS, ROWS_PER_OCTAVE } from '#domain/latency/duration-rows.ts';

/** Row of what has no duration. */
export const NO_ROW = 255;

/** Up to here the rounding of log2() puts no whole number of ns into a wrong row; a test looks at both sides of every edge. */
const SAFE_OCTAVES = 46;

/** The row of a duration (bigint column) as UTINYINT: exact, every value in one row. `NO_ROW` for 0. */
export function durationRowSql(column: string): string {
  const far = SAFE_OCTAVES * ROWS_PER_OCTAVE;
  const floors = ROW_FLOORS_NS.slice(far).join(', ');
  const beyond = `${far - 1} + len(list_filter([${floors}]::bigint[], lambda edge: edge <= ${column}))`;
  return `(case when ${column} < 1 then ${NO_ROW}
    when ${column} < ${2n ** BigInt(SAFE_OCTAVES)} then floor(log2(${column}) * ${ROWS_PER_OCTAVE}) else ${beyond} end)::utinyint`;
}
