/** A cell of a file for spreadsheets; numbers are written as they are, without units. */
export type CsvCell = string | number | bigint | undefined;

/** What spreadsheets take for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * RFC 4180: lines end with CRLF, cells that hold commas, quotes or line breaks are quoted. Texts that a spreadsheet would
 * run as a formula get an apostrophe in front. Cells nobody knows, and numbers that are none, are empty.
 */
export function csvText(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map(csvLine).join('');
}

/** One line of such a file. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'bigint') return String(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
