import type { CriticalPath } from '#domain/analysis/critical-path.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** `root 0–2, b 2–9`: names and times from the root's start. */
export function pathText(table: TraceTable, path: CriticalPath): string {
  return Array.from(path.row, (row, i) => {
    const zero = table.startNs[path.rootRow];
    return `${table.strings.at(table.name[row])} ${path.fromNs[i] - zero}–${path.toNs[i] - zero}`;
  }).join(', ');
}
