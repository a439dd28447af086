import { ProtobufReader } from './protobuf-reader.ts';

/**
 * A copy of a TracesData message with all start, end and event times moved by `deltaNs`. Times of 0 (none) stay. The
 * message must have passed `scanTraces`: where it is damaged, the rest is left as it is.
 */
export function shiftTimes(bytes: Uint8Array, deltaNs: bigint): Uint8Array {
  const shifted = bytes.slice();
  const view = new DataView(shifted.buffer);
  const reader = new ProtobufReader(shifted);
  walk(reader, 0, bytes.length, at => {
    const time = view.getBigUint64(at, true);
    if (time !== 0n) view.setBigUint64(at, time + deltaNs, true);
  });
  return shifted;
}

/** From each message on the way to the times: the fields to descend into, and the fields that are times. */
const LEVELS: readonly { readonly inner: number; readonly times: readonly number[] }[] = [
  { inner: 0x0a, times: [] }, // TracesData.resource_spans
  { inner: 0x12, times: [] }, // ResourceSpans.scope_spans
  { inner: 0x12, times: [] }, // ScopeSpans.spans
  { inner: 0x5a, times: [0x39, 0x41] }, // Span.events; start, end
  { inner: -1, times: [0x09] }, // Event; time
];

function walk(reader: ProtobufReader, level: number, end: number, shift: (at: number) => void): void {
  const { inner, times } = LEVELS[level];
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === inner) {
      walk(reader, level + 1, reader.length(end), shift);
      continue;
    }
    const at = reader.pos;
    reader.skip(tag, end);
    if (reader.failure === undefined && times.includes(tag)) shift(at);
  }
}
