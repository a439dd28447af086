import { difference64 } from './span-columns.ts';

/**
 * Columns in another order: `gathered[i] = column[order[i]]`. One function per type of array, because a loop that meets
 * several types runs many times slower. A column of zeros is not gathered: fresh memory is zero, and nobody touches it.
 */
export function gather8(column: Uint8Array, order: Int32Array): Uint8Array {
  const gathered = new Uint8Array(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = column[order[i]];
  return gathered;
}

export function gather16(column: Uint16Array, order: Int32Array): Uint16Array {
  const gathered = new Uint16Array(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = column[order[i]];
  return gathered;
}

export function gatherSigned(column: Int32Array, order: Int32Array): Int32Array {
  const gathered = new Int32Array(order.length);
  if (isZeroes(column)) return gathered;
  for (let i = 0; i < order.length; i++) gathered[i] = column[order[i]];
  return gathered;
}

export function gatherUnsigned(column: Uint32Array, order: Int32Array): Uint32Array {
  const gathered = new Uint32Array(order.length);
  if (isZeroes(column)) return gathered;
  for (let i = 0; i < order.length; i++) gathered[i] = column[order[i]];
  return gathered;
}

export function gatherDouble(column: Float64Array, order: Int32Array): Float64Array {
  const gathered = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = column[order[i]];
  return gathered;
}

function isZeroes({ buffer, byteOffset, length }: Uint32Array | Int32Array): boolean {
  const words = new Uint32Array(buffer, byteOffset, length);
  for (let i = 0; i < length; i++) if (words[i] !== 0) return false;
  return true;
}

/** Pairs of 32-bit halves (`SpanColumns`) as 64-bit numbers. */
export function gatherPairs(pairs: Uint32Array, order: Int32Array): BigUint64Array {
  const gathered = new Uint32Array(2 * order.length);
  for (let i = 0; i < order.length; i++) {
    gathered[2 * i] = pairs[2 * order[i]];
    gathered[2 * i + 1] = pairs[2 * order[i] + 1];
  }
  return new BigUint64Array(gathered.buffer);
}

/** Times as ns after the base, a pair. */
export function gatherTimes(times: Uint32Array, order: Int32Array, base: Uint32Array): Float64Array {
  const gathered = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = difference64(times, order[i], base, 0);
  return gathered;
}
