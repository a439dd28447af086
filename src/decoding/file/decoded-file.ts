/** What a file turned out to be; in files of many documents, of the first. */
export type FileFormat = 'OTLP JSON' | 'OTLP JSONL' | 'OTLP protobuf' | 'Jaeger JSON' | 'Zipkin JSON' | 'Tempo JSON';

/** Something in a file that could not be read. */
export interface FileProblem {
  /** For JSON with the path of the place: `data[0].spans[3]: spanID is missing`. */
  readonly message: string;
  /** Byte of the file (after unpacking). */
  readonly offset: number;
  /** 1-based line and column; undefined for binary files. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** A file as OTLP, whatever it was. */
export interface DecodedFile {
  /** Undefined if nothing in it was recognised. */
  readonly format: FileFormat | undefined;
  /** A TracesData message; empty where nothing could be read. */
  readonly bytes: Uint8Array;
  /** The first ones; `problemCount` counts all. What is not named here was read. */
  readonly problems: readonly FileProblem[];
  readonly problemCount: number;
}

export const MAX_PROBLEMS = 20;
