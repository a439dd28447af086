/**
 * Messages that each stand behind their length in four bytes (big endian), as the Collector's file exporter writes
 * protobuf, joined to one message; undefined if the bytes are no such file.
 */
export function unframed(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const joined = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined;
    const size = view.getUint32(at);
    if (at + 4 + size > bytes.length) return undefined;
    joined.set(bytes.subarray(at + 4, at + 4 + size), length);
    length += size;
    at += 4 + size;
  }
  return joined.subarray(0, length);
}
