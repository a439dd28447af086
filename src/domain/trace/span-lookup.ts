import { type SpanId, spanIdBits } from '#domain/ids.ts';
import { ascending, sortBy64 } from './sort-by-64.ts';
import { SpanFlag, type TraceTable } from './trace-table.ts';

const indexes = new WeakMap<TraceTable, Int32Array>();

/** Larger tables are read from end to end for the first look-ups: to sort the ids for one takes dozens of times as long. */
const FEW_ROWS = 32_768;
const MOST_SCANS = 8;
const scans = new WeakMap<TraceTable, number>();

/**
 * The row of a span id, -1 if none has it. Of several that share the id, the `ordinal`th (from 1): the client of a shared
 * id first, then by start. An ordinal that none has gives the first.
 */
export function rowOfSpan(table: TraceTable, spanId: SpanId, ordinal = 1): number {
  const rows = rowsWithId(table, spanIdBits(spanId));
  return rows[ordinal - 1] ?? rows[0] ?? -1;
}

/** Which of the spans with its id a row is, from 1; see `rowOfSpan`. */
export function ordinalOfSpan(table: TraceTable, row: number): number {
  if ((table.flags[row] & (SpanFlag.duplicateId | SpanFlag.sharedId)) === 0) return 1;
  return Math.max(1, rowsWithId(table, table.spanId[row]).indexOf(row) + 1);
}

/** Rows with this id, the one that owns it first. */
function rowsWithId(table: TraceTable, bits: bigint): readonly number[] {
  const rows = isScanned(table) ? scan(table, bits) : lookUp(table, bits);
  return rows.length > 1 ? rows.sort((a, b) => ownership(table, a, b)) : rows;
}

function isScanned(table: TraceTable): boolean {
  if (table.length <= FEW_ROWS || indexes.has(table)) return false;
  const before = scans.get(table) ?? 0;
  scans.set(table, before + 1);
  return before < MOST_SCANS;
}

function scan({ spanId }: TraceTable, bits: bigint): number[] {
  const rows: number[] = [];
  for (let row = spanId.indexOf(bits); row >= 0; row = spanId.indexOf(bits, row + 1)) rows.push(row);
  return rows;
}

function lookUp(table: TraceTable, bits: bigint): number[] {
  const index = indexOf(table);
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.spanId[index[middle]] < bits) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < index.length && table.spanId[index[end]] === bits) end++;
  return Array.from(index.subarray(low, end));
}

function ownership({ flags, startNs, spanDurationNs }: TraceTable, a: number, b: number): number {
  const shared = (flags[a] & SpanFlag.sharedId) - (flags[b] & SpanFlag.sharedId);
  return shared || startNs[a] - startNs[b] || spanDurationNs[b] - spanDurationNs[a] || a - b;
}

function indexOf(table: TraceTable): Int32Array {
  const known = indexes.get(table);
  if (known !== undefined) return known;
  const { buffer, byteOffset, length } = table.spanId;
  const index = sortBy64(ascending(length), new Uint32Array(buffer, byteOffset, 2 * length));
  indexes.set(table, index);
  return index;
}
