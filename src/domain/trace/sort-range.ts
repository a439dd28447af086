/** Up to here insertion beats the sort that the engine brings, which copies the range first. */
const SHORT = 16;

/** Sorts order[from, to) in place, stable. */
export function sortRange(
  order: Int32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  if (to - from > SHORT) {
    order.subarray(from, to).sort(compare);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const item = order[i];
    let at = i;
    while (at > from && compare(order[at - 1], item) > 0) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = item;
  }
}

export function isShort(from: number, to: number): boolean {
  return to - from <= SHORT;
}
