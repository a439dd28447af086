import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import { ROWS_PER_STEP, type Steps } from './steps.ts';

/** Cell that no span covers, and one whose span names no resource. */
export const EMPTY_CELL = -2;
export const NO_RESOURCE = -1;

/** Finer than what any map shows, small beside a table. */
const COLUMNS = 2048;
export const OVERVIEW_LINES = 42;

/**
 * The whole trace on a small grid: rows from top to bottom in tree order, time from left to right. A cell holds the
 * resource of the deepest span that covers it.
 */
export interface Overview {
  readonly columns: number;
  readonly lines: number;
  /** The columns share out the time from the base to here, ns. */
  readonly extentNs: number;
  /** `cell[line * columns + column]`: into `TraceTable.resources`, `NO_RESOURCE` or `EMPTY_CELL`. */
  readonly cell: Int32Array;
}

/**
 * Paints rows from the last to the first, each cell once: a union-find per line jumps over what is painted, so the cost
 * is the rows plus the cells, whatever the spans' lengths.
 */
export function* overviewInSteps(
  table: TraceTable,
  extentNs: number,
  columns = COLUMNS,
  lines = OVERVIEW_LINES,
): Steps<Overview> {
  const cell = new Int32Array(columns * lines).fill(EMPTY_CELL);
  // next[x] is the first unpainted cell at or after x on the line; one past the end is the sentinel.
  const next = new Int32Array((columns + 1) * lines);
  for (let y = 0; y < lines; y++) for (let x = 0; x <= columns; x++) next[y * (columns + 1) + x] = x;
  const perNs = columns / Math.max(1, extentNs);
  for (let row = table.length - 1; row >= 0; row--) {
    if (row % ROWS_PER_STEP === 0) yield;
    if ((table.flags[row] & SpanFlag.offScale) !== 0) continue;
    const y = overviewLine(row, table.length, lines);
    const from = Math.min(columns - 1, Math.max(0, Math.floor(table.startNs[row] * perNs)));
    const length = Math.ceil(Math.max(0, table.spanDurationNs[row]) * perNs);
    const to = Math.min(columns, from + Math.max(1, length));
    const line = y * (columns + 1);
    for (let x = find(next, line, from); x < to; x = find(next, line, x)) {
      cell[y * columns + x] = table.resource[row];
      next[line + x] = x + 1;
    }
  }
  return { columns, lines, extentNs, cell };
}

/** The line of the grid that a row falls on: few rows are spread over the height, many share a line. */
export function overviewLine(row: number, rowCount: number, lines: number): number {
  return Math.min(lines - 1, Math.floor((row / Math.max(1, rowCount)) * lines));
}

function find(next: Int32Array, line: number, from: number): number {
  let x = from;
  while (next[line + x] !== x) x = next[line + x];
  let walk = from;
  while (next[line + walk] !== walk) {
    const after = next[line + walk];
    next[line + walk] = x;
    walk = after;
  }
  return x;
}
