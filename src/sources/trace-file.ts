import type { TraceFileRequest } from '#decoding/export/file-pieces.ts';
import type { SpanDetails } from '#domain/trace/span-details.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** Files that a trace can be saved as. */
export type TraceFileFormat = TraceFileRequest['format'];

export interface TraceFileOptions {
  readonly signal: AbortSignal;
  /** Spans written so far. */
  readonly onProgress: (spans: number) => void;
}

/** Details whose holder can write the trace down. */
export interface FileDetails extends SpanDetails {
  /** The content stays where the browser keeps blobs: no byte of it passes the caller's thread. */
  file(request: TraceFileRequest, options: TraceFileOptions): Promise<Blob>;
}

/**
 * The trace as a file, made where its bytes are. Rejects when its details were released or do not hold its bytes, and as
 * the signal says.
 */
export async function traceFile(table: TraceTable, format: TraceFileFormat, options: TraceFileOptions): Promise<Blob> {
  const { details } = table;
  if (!isFileDetails(details)) throw new Error('the spans of this trace are not held as they came');
  return details.file(requestOf(table, format), options);
}

function isFileDetails(details: SpanDetails): details is FileDetails {
  return 'file' in details;
}

function requestOf(table: TraceTable, format: TraceFileFormat): TraceFileRequest {
  switch (format) {
    case 'otlp-json':
      return { format };
    case 'jaeger-json':
      return { format, traceId: table.traceId, partial: table.partial };
    case 'csv':
      return { format, parent: table.parent };
  }
}
