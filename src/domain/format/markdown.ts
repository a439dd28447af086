import { visibleText } from './text.ts';

/**
 * Foreign text in Markdown stands in code spans: in them nothing is markup, a link, a mention or HTML, for every reader of
 * Markdown. One line; what is hidden in it is shown (`visibleText`); '' is ''.
 */
export function codeSpan(text: string): string {
  const line = visibleText(text);
  if (line === '') return '';
  let longest = 0;
  for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  // One space on both sides is taken away again by the reader.
  const padded = /^[ `]|[ `]$/.test(line) ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/**
 * As `codeSpan`, for a cell of a table: GFM cuts cells before it looks for code, so that bars are escaped; one behind a
 * backslash, where an escape would be read in two ways, is written ¦.
 */
export function codeCell(text: string): string {
  return codeSpan(text).replace(/\\*\|/g, bar => (bar === '|' ? '\\|' : `${bar.slice(0, -1)}¦`));
}

/** An inline link. `label` is Markdown already; `href` an absolute URL. */
export function markdownLink(label: string, href: string): string {
  return `[${label}](<${href.replace(/[<>\\\s]/g, encodeURIComponent)}>)`;
}

/** A table of Markdown; cells are Markdown already. `right` are the columns of numbers. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, i) => (right.includes(i) ? '---:' : '---'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}
