import type { FilePieces, TraceFileRequest } from '#decoding/export/file-pieces.ts';

const TYPES: Readonly<Record<TraceFileRequest['format'], string>> = {
  'otlp-json': 'application/json',
  'jaeger-json': 'application/json',
  csv: 'text/csv;charset=utf-8',
};
/** Text is handed to the browser's keeping in parts of so many bytes. */
const PART_BYTES = 8_000_000;

/**
 * Writes a file down. `next` is awaited after each piece, with the spans written so far: it gives others their turn, and
 * ends the work by throwing.
 */
export async function blobOfPieces(
  pieces: FilePieces,
  format: TraceFileRequest['format'],
  next: (spans: number) => Promise<void>,
): Promise<Blob> {
  const type = TYPES[format];
  const utf8 = new TextEncoder();
  const parts: Blob[] = [];
  let part: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (const { text, spans } of pieces) {
    const encoded = utf8.encode(text);
    part.push(encoded);
    bytes += encoded.length;
    if (bytes >= PART_BYTES) {
      parts.push(new Blob(part));
      part = [];
      bytes = 0;
    }
    await next(spans);
  }
  return new Blob([...parts, ...part], { type });
}
