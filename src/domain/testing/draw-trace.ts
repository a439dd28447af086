import type { TraceTable } from '#domain/trace/trace-table.ts';
import { type DrawOptions, readDrawing } from './drawing.ts';
import { tableOfSpans } from './table-of-spans.ts';

/**
 * A trace drawn as text (format: `readDrawing` in `drawing.ts`), as a table.
 *
 *     drawTrace(`
 *       gateway  GET /checkout      |----------------|
 *       cart       SELECT items        |---|
 *       pay        POST /charge !          |-------|
 *     `)
 */
export function drawTrace(text: string, options: DrawOptions = {}): TraceTable {
  return tableOfSpans(readDrawing(text, options));
}

/** The reverse, for assertions: one line per row, indented by depth: `['GET /checkout', '  SELECT items', …]`. */
export function rowsAsText(table: TraceTable): string[] {
  return Array.from(
    { length: table.length },
    (_, row) => '  '.repeat(table.depth[row]) + table.strings.at(table.name[row]),
  );
}
