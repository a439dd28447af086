import type { TraceSummary } from '#domain/search/trace-summary.ts';
import type { OpenedFile } from '#sources/file/file-client.ts';
import { FILE_SOURCE_ID } from '#sources/file/file-source.ts';
import type { UrlState } from '#state/url/url-state.ts';

type Link = Partial<UrlState>;

/** The page of a trace from a file. */
export function traceOfFile({ traceId, startUnixNano, durationNs }: TraceSummary): Link {
  const startMs = Number(startUnixNano / 1_000_000n);
  const at = { startMs, endMs: startMs + Math.ceil(durationNs / 1e6) };
  return { page: { name: 'trace', traceId }, src: FILE_SOURCE_ID, at, span: undefined };
}

/** A search over the time of all traces in these files; undefined if there are none. */
export function searchOfFiles(files: readonly OpenedFile[]): (Link & Pick<UrlState, 'from' | 'to'>) | undefined {
  const windows = files.flatMap(({ findings }) => findings?.window ?? []);
  const [first] = windows;
  if (first === undefined) return undefined;
  let { startUnixNano: start, endUnixNano: end } = first;
  for (const { startUnixNano, endUnixNano } of windows) {
    if (startUnixNano < start) start = startUnixNano;
    if (endUnixNano > end) end = endUnixNano;
  }
  const [from, to] = [String(start / 1_000_000n), String(end / 1_000_000n + 1n)];
  return { page: { name: 'explore' }, src: FILE_SOURCE_ID, q: '', from, to, live: false };
}
