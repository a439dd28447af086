import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Length and checksum before each entry. */
const ENTRY_HEADER_BYTES = 16;
const HEAD_BYTES = 256;
/** What stands in an entry that ends a transaction: property 100 is the kind of entry, 100 is a flush. */
const FLUSH = [0x64, 0x00, 0x64, 0xff, 0xff];

/**
 * Bytes at the end of a write-ahead log that belong to no whole transaction: the last write of a process that was killed, or
 * what is left where a disk lost the rest. DuckDB passes over them in silence. 0 where there are none, or where the log has
 * not the form of DuckDB 1.5. Nothing may have it open.
 */
export function unfinishedTail(wal: string): number {
  const file = openSync(wal, 'r');
  try {
    const { size } = fstatSync(file);
    const head = new Uint8Array(HEAD_BYTES);
    const first = headerEnd(head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0)));
    if (first === undefined) return 0;
    const entry = new Uint8Array(ENTRY_HEADER_BYTES + FLUSH.length);
    const view = new DataView(entry.buffer);
    let at = first;
    let whole = first;
    while (at < size) {
      const read = readSync(file, entry, 0, entry.length, at);
      const length = read < ENTRY_HEADER_BYTES ? Number.POSITIVE_INFINITY : Number(view.getBigUint64(0, true));
      at += ENTRY_HEADER_BYTES + length;
      if (at > size) return size - whole;
      if (length === FLUSH.length && FLUSH.every((byte, i) => entry[ENTRY_HEADER_BYTES + i] === byte)) whole = at;
    }
    return size - whole;
  } finally {
    closeSync(file);
  }
}

/** Where the entries begin: the log opens with its version, the id of its database and the number of the checkpoint before. */
function headerEnd(head: Uint8Array): number | undefined {
  let at = 0;
  const expect = (...bytes: readonly number[]) => bytes.every(byte => head[at++] === byte);
  const number = () => {
    let value = 0;
    for (let shift = 0; shift < 56; shift += 7) {
      const byte = head[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  // Properties of two bytes each: 100 kind, 101 version, 102 id, 103 checkpoint.
  if (!expect(0x64, 0, 0x62, 0x65, 0) || number() !== 2 || !expect(0x66, 0)) return undefined;
  for (let left = number(); left > 0; left--) number();
  if (!expect(0x67, 0)) return undefined;
  number();
  return expect(0xff, 0xff) ? at : undefined;
}
