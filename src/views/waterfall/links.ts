import { spanIdOf } from '#domain/ids.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** Ids in hex as they were reported: an invalid link may hold zeros. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** More than this are not listed, either way. */
export const MOST_LINKS = 10_000;

/** How many links a span has, also beyond those that are listed. */
export function linkCount({ links }: TraceTable, row: number): number {
  return links.offset[row + 1] - links.offset[row];
}

export function linksFrom(table: TraceTable, row: number): readonly SpanLink[] {
  const { links } = table;
  const found: SpanLink[] = [];
  const end = Math.min(links.offset[row + 1], links.offset[row] + MOST_LINKS);
  for (let link = links.offset[row]; link < end; link++) {
    found.push({ traceId: traceIdAt(table, link), spanId: spanIdOf(links.spanId[link]) });
  }
  return found;
}

/** Rows of this trace that link to a row. */
export function linksTo(table: TraceTable, row: number): readonly number[] {
  const { links, spanId } = table;
  const found: number[] = [];
  let from = 0;
  for (let link = links.spanId.indexOf(spanId[row]); link >= 0; link = links.spanId.indexOf(spanId[row], link + 1)) {
    while (links.offset[from + 1] <= link) from++;
    if (traceIdAt(table, link) === table.traceId && from !== row && found.at(-1) !== from) found.push(from);
    if (found.length >= MOST_LINKS) break;
  }
  return found;
}

function traceIdAt({ links }: TraceTable, link: number): string {
  return spanIdOf(links.traceIdHi[link]) + spanIdOf(links.traceIdLo[link]);
}
