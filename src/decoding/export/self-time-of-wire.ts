import { ProtobufReader } from '#decoding/otlp/protobuf-reader.ts';
import { type SelfTimeColumns, selfTimeInSteps } from '#domain/analysis/self-time.ts';
import { ROWS_PER_STEP, type Steps } from '#domain/analysis/steps.ts';
import { OTHER_ENUM } from '#domain/trace/trace-table.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';

/** As `selfTimeNs`, of messages whose columns have gone to another thread; `parent` as in `TraceTable`. */
export function* selfTimeOfWire(wire: WireRanges, parent: Int32Array): Steps<Float64Array> {
  const { length } = parent;
  const kind = new Uint8Array(length);
  const startNs = new Float64Array(length);
  const spanDurationNs = new Float64Array(length);
  const reader = new ProtobufReader(wire.bytes);
  const span = { kind: 0, startLo: 0, startHi: 0, endLo: 0, endHi: 0 };
  let base: { readonly lo: number; readonly hi: number } | undefined;
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    reader.pos = wire.from[row];
    readTimes(reader, wire.to[row], span);
    kind[row] = Math.min(span.kind, OTHER_ENUM);
    if (span.startLo === 0 && span.startHi === 0) {
      // Without a time it stands where its parent starts.
      startNs[row] = parent[row] < 0 ? 0 : startNs[parent[row]];
      continue;
    }
    base ??= { lo: span.startLo, hi: span.startHi };
    startNs[row] = between(base.lo, base.hi, span.startLo, span.startHi);
    spanDurationNs[row] = between(span.startLo, span.startHi, span.endLo, span.endHi);
  }
  const columns: SelfTimeColumns = { length, parent, kind, startNs, spanDurationNs };
  return yield* selfTimeInSteps(columns);
}

interface Times {
  kind: number;
  startLo: number;
  startHi: number;
  endLo: number;
  endHi: number;
}

function readTimes(reader: ProtobufReader, end: number, into: Times): void {
  into.kind = into.startLo = into.startHi = into.endLo = into.endHi = 0;
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === 0x30) into.kind = reader.varint(end);
    else if (tag === 0x39) {
      into.startLo = reader.fixed64(end);
      into.startHi = reader.high;
    } else if (tag === 0x41) {
      into.endLo = reader.fixed64(end);
      into.endHi = reader.high;
    } else reader.skip(tag, end);
  }
}

/** ns from one time to another, each as two 32-bit halves. */
function between(fromLo: number, fromHi: number, toLo: number, toHi: number): number {
  return (toHi - fromHi) * 2 ** 32 + (toLo - fromLo);
}
