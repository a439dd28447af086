import { isShort, sortRange } from './sort-range.ts';

/** Below this many keys, counters of wide digits cost more than they save. */
const FEW = 32_768;
/** Digits of the keys that are carried along: 2^11 counters, and as many places written to, fit the first-level cache. */
const CARRIED_BITS = 11;

/** Memory that sorts of many spans use one after another: to touch fresh memory costs more than to sort. */
export class SortScratch {
  #columns: (Int32Array | Uint32Array)[] = [];

  /** Four columns of `n` rows, filled with whatever they held. */
  take(n: number): { from: Int32Array; to: Int32Array; keys: Uint32Array; toKeys: Uint32Array } {
    if (this.#columns.length === 0 || this.#columns[0].length < n) {
      this.#columns = [new Int32Array(n), new Int32Array(n), new Uint32Array(n), new Uint32Array(n)];
    }
    const [from, to, keys, toKeys] = this.#columns.map(column => column.subarray(0, n));
    return {
      from: from as Int32Array,
      to: to as Int32Array,
      keys: keys as Uint32Array,
      toKeys: toKeys as Uint32Array,
    };
  }
}

/**
 * Sorts `order` (indexes of spans) by the unsigned 64-bit keys of those indexes: key i is `pairs[2i]` (low half) and
 * `pairs[2i + 1]` (high half). Stable, linear (radix sort), and no input makes it slow. Returns `order`, sorted in place.
 */
export function sortBy64(order: Int32Array, pairs: Uint32Array, scratch = new SortScratch()): Int32Array {
  if (order.length < 2) return order;
  const varying = varyingBits(order, pairs);
  if (order.length < FEW) sortByDigits(order, pairs, varying, 8);
  else if (!sortByTop32(order, pairs, varying, scratch)) sortByDigits(order, pairs, varying, 16);
  return order;
}

/** One pass per digit that varies, keys read where they are: any keys, but a cache miss for each. */
function sortByDigits(order: Int32Array, pairs: Uint32Array, varying: [number, number], bits: number): void {
  const counts = new Int32Array(1 << bits);
  let from: Int32Array = order;
  let to: Int32Array = new Int32Array(order.length);
  for (let half = 0; half < 2; half++) {
    for (let shift = 0; shift < 32; shift += bits) {
      if (((varying[half] >>> shift) & (counts.length - 1)) === 0) continue;
      pass(from, to, pairs, half, shift, counts);
      [from, to] = [to, from];
    }
  }
  if (from !== order) order.set(from);
}

/**
 * Sorts by the 32 bits below the highest that varies, which are carried along, then puts the few that agree in them in
 * order. Ids and times differ there; for keys that do not, `order` is left as it is and false returned.
 */
function sortByTop32(order: Int32Array, pairs: Uint32Array, [lo, hi]: [number, number], scratch: SortScratch): boolean {
  const n = order.length;
  const drop = hi === 0 ? 0 : 32 - Math.clz32(hi);
  let { from, to, keys, toKeys } = scratch.take(n);
  for (let i = 0; i < n; i++) {
    const at = 2 * order[i];
    keys[i] =
      drop === 0 ? pairs[at] : drop === 32 ? pairs[at + 1] : (pairs[at + 1] << (32 - drop)) | (pairs[at] >>> drop);
  }
  const varying = drop === 0 ? lo : -1;
  from.set(order);
  const counts = new Int32Array(1 << CARRIED_BITS);
  for (let shift = 0; shift < 32; shift += CARRIED_BITS) {
    if (((varying >>> shift) & (counts.length - 1)) === 0) continue;
    carriedPass(from, keys, to, toKeys, shift, counts);
    [from, to] = [to, from];
    [keys, toKeys] = [toKeys, keys];
  }
  if (drop > 0 && !sortRuns(from, keys, pairs)) return false;
  order.set(from);
  return true;
}

/** Sorts stretches of equal `keys` by their whole keys; gives up when long ones would be much of the work. */
function sortRuns(order: Int32Array, keys: Uint32Array, pairs: Uint32Array): boolean {
  const compare = (a: number, b: number) => compare64(pairs, a, b);
  let inLong = 0;
  for (let from = 0; from < keys.length; ) {
    let to = from + 1;
    let same = true;
    for (; to < keys.length && keys[to] === keys[from]; to++) {
      if (pairs[2 * order[to]] !== pairs[2 * order[from]] || pairs[2 * order[to] + 1] !== pairs[2 * order[from] + 1]) {
        same = false;
      }
    }
    if (!same) {
      if (!isShort(from, to)) inLong += to - from;
      if (inLong > keys.length / 8) return false;
      sortRange(order, from, to, compare);
    }
    from = to;
  }
  return true;
}

function carriedPass(
  from: Int32Array,
  fromKeys: Uint32Array,
  to: Int32Array,
  toKeys: Uint32Array,
  shift: number,
  counts: Int32Array,
): void {
  const mask = counts.length - 1;
  counts.fill(0);
  for (let i = 0; i < fromKeys.length; i++) counts[(fromKeys[i] >>> shift) & mask]++;
  let total = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit];
    counts[digit] = total;
    total += count;
  }
  for (let i = 0; i < fromKeys.length; i++) {
    const key = fromKeys[i];
    const at = counts[(key >>> shift) & mask]++;
    to[at] = from[i];
    toKeys[at] = key;
  }
}

/** 0, 1, … n - 1. */
export function ascending(n: number): Int32Array {
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  return order;
}

/** -1, 0 or 1 as key a is below, equal to or above key b. */
export function compare64(pairs: Uint32Array, a: number, b: number): number {
  return compareKeys(pairs, a, pairs, b);
}

/** The same for keys of two columns. */
export function compareKeys(left: Uint32Array, a: number, right: Uint32Array, b: number): number {
  const high = left[2 * a + 1] - right[2 * b + 1];
  return Math.sign(high !== 0 ? high : left[2 * a] - right[2 * b]);
}

/** Which bits of the low and of the high halves are not the same in all keys: the other digits need no pass. */
export function varyingBits(order: Int32Array, pairs: Uint32Array): [number, number] {
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
