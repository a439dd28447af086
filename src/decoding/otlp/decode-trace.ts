import type { TraceId } from '#domain/ids.ts';
import { ok, type Result } from '#domain/result.ts';
import { TraceBuilder } from '#domain/trace/trace-builder.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { scanTraces } from './otlp-proto.ts';
import { otlpReader } from './otlp-reader.ts';
import type { DecodeError } from './protobuf-reader.ts';
import { WireDetails } from './wire-details.ts';

/** All spans of a TracesData message as the table of one trace. The bytes are kept for the details. */
export function decodeTrace(traceId: TraceId, bytes: Uint8Array): Result<TraceTable, DecodeError> {
  const builder = new TraceBuilder(traceId, otlpReader);
  const scanned = scanTraces(bytes, builder);
  return scanned.ok ? ok(builder.finish(wire => new WireDetails(wire))) : scanned;
}
