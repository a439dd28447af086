import { formatBytes, formatCount } from '#domain/format/number.ts';
import type { OpenedFile } from '#state/files/use-files.ts';

type Findings = NonNullable<OpenedFile['findings']>;

/** `Jaeger JSON, gzipped · 3 traces · 1,204 spans` */
export function findingsText({ format, isPacked, traceCount, spanCount, problemCount }: Findings): string {
  if (format === undefined) return 'Not opened: nothing in it is a trace.';
  const kind = isPacked ? `${format}, gzipped` : format;
  if (traceCount === 0) return problemCount > 0 ? `${kind} · nothing in it can be read` : `${kind} · no traces in it`;
  const traces = traceCount === 1 ? '1 trace' : `${formatCount(traceCount)} traces`;
  return `${kind} · ${traces} · ${spanCount === 1 ? '1 span' : `${formatCount(spanCount)} spans`}`;
}

/** Where a problem is: `Line 3, column 12: `, of binary files `Byte 1,024: `; '' for the file as a whole. */
export function placeText({ line, column, offset }: Findings['problems'][number]): string {
  if (line !== undefined) return `Line ${formatCount(line)}, column ${formatCount(column ?? 1)}: `;
  return offset > 0 ? `Byte ${formatCount(offset)}: ` : '';
}

/** How far a file has come. */
export function progressText(progress: OpenedFile['progress']): string {
  if (progress === undefined) return 'Waiting';
  const { stage, doneBytes, totalBytes } = progress;
  return `${stage === 'reading' ? 'Reading' : 'Decoding'} · ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
}
