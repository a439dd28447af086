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
  /** `parent` as in `TraceTable`: per row. */
  | { readonly format: 'csv'; readonly parent: Int32Array };

export function filePieces(wire: WireRanges, request: TraceFileRequest): FilePieces {
  switch (request.format) {
    case 'otlp-json':
      return otlpJsonPieces(wire);
    case 'jaeger-json':
      return jaegerPieces(wire, request);
    case 'csv':
      return csvPieces(wire, request.parent);
  }
}
