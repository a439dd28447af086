import { type SpanId, spanIdBits } from '#domain/ids.ts';
import { ascending, sortBy64 } from './sort-by-64.ts';
import { SpanFlag, type TraceTable } from './trace-table.ts';

const indexes = new WeakMap<TraceTable, Int32Array>();

/** The row that owns a span id, -1 if none has it. Of several, the client of a shared id, otherwise the earliest. */
export function rowOfSpan(table: TraceTable, spanId: SpanId): number {
  const bits = spanIdBits(spanId);
  const index = indexOf(table);
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.spanId[index[middle]] < bits) low = middle + 1;
    else high = middle;
  }
  let owner = -1;
  for (let i = low; i < index.length && table.spanId[index[i]] === bits; i++) {
    if (owner < 0 || owns(table, index[i], owner)) owner = index[i];
  }
  return owner;
}

function owns({ flags, startNs, spanDurationNs }: TraceTable, row: number, owner: number): boolean {
  const shared = (flags[row] & SpanFlag.sharedId) - (flags[owner] & SpanFlag.sharedId);
  const earlier = shared || startNs[row] - startNs[owner] || spanDurationNs[owner] - spanDurationNs[row];
  return earlier < 0;
}

function indexOf(table: TraceTable): Int32Array {
  const known = indexes.get(table);
  if (known !== undefined) return known;
  const { buffer, byteOffset, length } = table.spanId;
  const index = sortBy64(ascending(length), new Uint32Array(buffer, byteOffset, 2 * length));
  indexes.set(table, index);
  return index;
}
