import { traceMarkdownInSteps } from '#domain/analysis/trace-markdown.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { inTurns } from './in-turns.ts';
import { loadPath } from './trace-work.ts';

/** The trace as a Markdown document with a link to what is on screen, worked out in turns. */
export async function loadMarkdown(table: TraceTable, zone: TimeZoneChoice): Promise<string> {
  const options = { zone, path: await loadPath(table), href: location.href };
  return inTurns(traceMarkdownInSteps(table, options), new AbortController().signal);
}
