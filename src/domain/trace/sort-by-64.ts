/**
 * Sorts `order` (indexes of spans) by the unsigned 64-bit keys of those indexes: key i is `pairs[2i]` (low half) and
 * `pairs[2i + 1]` (high half). Stable, linear (radix sort), and no input makes it slow. Returns `order`, sorted in place.
 */
export function sortBy64(order: Int32Array, pairs: Uint32Array): Int32Array {
  const n = order.length;
  if (n < 2) return order;
  // Wide digits halve the passes, but their counters cost more than they save on few spans.
  const bits = n < 32_768 ? 8 : 16;
  const varying = varyingBits(order, pairs);
  const counts = new Int32Array(1 << bits);
  let from: Int32Array = order;
  let to: Int32Array = new Int32Array(n);
  for (let half = 0; half < 2; half++) {
    for (let shift = 0; shift < 32; shift += bits) {
      if (((varying[half] >>> shift) & (counts.length - 1)) === 0) continue;
      pass(from, to, pairs, half, shift, counts);
      [from, to] = [to, from];
    }
  }
  if (from !== order) order.set(from);
  return order;
}

/** 0, 1, … n - 1. */
export function ascending(n: number): Int32Array {
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  return order;
}

/** -1, 0 or 1 as key a is below, equal to or above key b. */
export function compare64(pairs: Uint32Array, a: number, b: number): number {
  const high = pairs[2 * a + 1] - pairs[2 * b + 1];
  const difference = high !== 0 ? high : pairs[2 * a] - pairs[2 * b];
  return Math.sign(difference);
}

/** Which bits of the low and of the high halves are not the same in all keys: the other digits need no pass. */
function varyingBits(order: Int32Array, pairs: Uint32Array): [number, number] {
  const lo = pairs[2 * order[0]];
  const hi = pairs[2 * order[0] + 1];
  let loBits = 0;
  let hiBits = 0;
  for (let i = 1; i < order.length; i++) {
    loBits |= pairs[2 * order[i]] ^ lo;
    hiBits |= pairs[2 * order[i] + 1] ^ hi;
  }
  return [loBits, hiBits];
}

function pass(
  from: Int32Array,
  to: Int32Array,
  pairs: Uint32Array,
  half: number,
  shift: number,
  counts: Int32Array,
): void {
  const mask = counts.length - 1;
  counts.fill(0);
  for (let i = 0; i < from.length; i++) counts[(pairs[2 * from[i] + half] >>> shift) & mask]++;
  let total = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit];
    counts[digit] = total;
    total += count;
  }
  for (let i = 0; i < from.length; i++) {
    to[counts[(pairs[2 * from[i] + half] >>> shift) & mask]++] = from[i];
  }
}
