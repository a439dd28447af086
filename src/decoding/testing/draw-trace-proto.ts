import { encodeTraces } from '#decoding/otlp/otlp-encode.ts';
import { type DrawOptions, readDrawing } from '#domain/testing/drawing.ts';

/** A trace drawn as text (format: `readDrawing`), as the TracesData bytes an SDK would send. */
export function drawTraceProto(text: string, options: DrawOptions = {}): Uint8Array {
  return encodeTraces(readDrawing(text, options));
}
