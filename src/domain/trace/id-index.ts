import { compareKeys, varyingBits } from './sort-by-64.ts';

/**
 * Finds ids among sorted ones: a table over the bits below the highest that varies leads to the few candidates. Ids that
 * crowd together are found by halving, so that no choice of them makes it slow.
 */
export class IdIndex {
  readonly #sorted: Int32Array;
  readonly #ids: Uint32Array;
  /** Where in the sorted ids each bucket begins. */
  readonly #starts: Int32Array;
  readonly #drop: number;

  /** `sorted` are indexes of `ids` (pairs) in ascending order of id. */
  constructor(sorted: Int32Array, ids: Uint32Array) {
    this.#sorted = sorted;
    this.#ids = ids;
    const bits = Math.max(1, 31 - Math.clz32(sorted.length));
    const [lo, hi] = sorted.length === 0 ? [0, 0] : varyingBits(sorted, ids);
    const top = hi === 0 ? 32 - Math.clz32(lo) : 64 - Math.clz32(hi);
    this.#drop = Math.max(0, top - bits);
    const starts = new Int32Array((1 << bits) + 1);
    this.#starts = starts;
    for (let i = 0; i < sorted.length; i++) starts[this.#bucket(ids, sorted[i]) + 1]++;
    for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  }

  /** Place among the sorted ids of the first that equals pair `i` of `pairs`; -1 if none does. */
  find(pairs: Uint32Array, i: number): number {
    const bucket = this.#bucket(pairs, i);
    const end = this.#starts[bucket + 1];
    let low = this.#starts[bucket];
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#ids, this.#sorted[middle], pairs, i) < 0) low = middle + 1;
      else high = middle;
    }
    return low < end && compareKeys(this.#ids, this.#sorted[low], pairs, i) === 0 ? low : -1;
  }

  #bucket(pairs: Uint32Array, i: number): number {
    const drop = this.#drop;
    const lo = pairs[2 * i];
    const hi = pairs[2 * i + 1];
    const kept = drop >= 32 ? hi >>> (drop - 32) : drop === 0 ? lo : (lo >>> drop) | (hi << (32 - drop));
    return kept & (this.#starts.length - 2);
  }
}
