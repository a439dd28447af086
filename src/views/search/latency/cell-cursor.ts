import type { Cell, CellBox, HeatGrid } from './heat-grid.ts';

/** Where the keyboard stands; `anchor` is the corner that a box was begun at. */
export interface CellCursor {
  readonly at: Cell;
  readonly anchor: Cell | undefined;
}

const STEPS: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
/** Cells that a step with Ctrl or ⌘, or a page key, goes. */
const FAR = 10;

/** The cursor after a key; undefined if the key is none of its own. Shift keeps the corner: a box grows. */
export function moveCursor(
  { columns, rows }: Pick<HeatGrid, 'columns' | 'rows'>,
  cursor: CellCursor,
  press: { readonly key: string; readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean },
): CellCursor | undefined {
  const { at } = cursor;
  const far = press.ctrlKey || press.metaKey ? FAR : 1;
  const step = Object.hasOwn(STEPS, press.key) ? STEPS[press.key] : undefined;
  let next: Cell;
  if (step !== undefined) next = { column: at.column + step[0] * far, row: at.row + step[1] * far };
  else if (press.key === 'PageUp') next = { ...at, row: at.row + FAR };
  else if (press.key === 'PageDown') next = { ...at, row: at.row - FAR };
  else if (press.key === 'Home') next = { ...at, column: 0 };
  else if (press.key === 'End') next = { ...at, column: columns - 1 };
  else return undefined;
  const held = { column: within(next.column, columns), row: within(next.row, rows) };
  return { at: held, anchor: press.shiftKey ? (cursor.anchor ?? at) : undefined };
}

/** Where the keyboard begins: the fullest cell. */
export function firstCursor(grid: HeatGrid): CellCursor {
  const at = Math.max(0, grid.counts.indexOf(grid.most));
  return { at: { column: Math.floor(at / grid.rows), row: at % grid.rows }, anchor: undefined };
}

/** A cursor over another grid: the nearest cell it has. */
export function heldCursor({ columns, rows }: HeatGrid, { at, anchor }: CellCursor): CellCursor {
  const hold = (cell: Cell): Cell => ({ column: within(cell.column, columns), row: within(cell.row, rows) });
  return { at: hold(at), anchor: anchor && hold(anchor) };
}

export function cursorBox({ at, anchor }: CellCursor): CellBox {
  return { from: anchor ?? at, to: at };
}

function within(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}
