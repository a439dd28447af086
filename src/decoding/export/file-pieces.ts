import type { SelfTimeColumns } from '#domain/analysis/self-time.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import { csvPieces } from './csv-pieces.ts';
import { jaegerPieces } from './jaeger-pieces.ts';
import { otlpJsonPieces } from './otlp-json-pieces.ts';

/** A part of a file, and how many spans it and those before it hold. */
export interface FilePiece {
  readonly text: string;
  readonly spans: number;
}

/** A file in pieces of about a megabyte: whoever asks decides when to give others a turn, and whether to go on. */
export type FilePieces = Generator<FilePiece, void>;

/** Which file to make of a trace, and what its messages do not tell. */
export type TraceFileRequest =
  | { readonly format: 'otlp-json' }
  /** `partial` as in `TraceTable`. */
  | { readonly format: 'jaeger-json'; readonly traceId: string; readonly partial: string | undefined }
  | { readonly format: 'csv'; readonly tree: TreeColumns };

/** Where spans stand in the tree; per row. */
export type TreeColumns = SelfTimeColumns & Pick<TraceTable, 'depth'>;

export function filePieces(wire: WireRanges, request: TraceFileRequest): FilePieces {
  switch (request.format) {
    case 'otlp-json':
      return otlpJsonPieces(wire);
    case 'jaeger-json':
      return jaegerPieces(wire, request);
    case 'csv':
      return csvPieces(wire, request.tree);
  }
}
