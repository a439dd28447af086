/**
 * Left, right and parent's left of every span, numbered depth-first from 1; siblings by start. Roots have parent -1. Spans
 * that hang on no root (orphans, cycles, traces without a root) are 0/0/0: they take no part in structural relations.
 */
export interface NestedSet {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly parent: Int32Array;
  /** Index of the parent span; -1 for roots and where it is missing. */
  readonly parentIndex: Int32Array;
  /** Direct children, also of spans that hang on no root. */
  readonly childCount: Int32Array;
  /** Connected spans, parents before children. */
  readonly order: Int32Array;
}

/** `spans` by start. Of several spans with one id the first is the parent of those that name it. */
export function nestedSetOf(spans: readonly { readonly spanId: bigint; readonly parentId: bigint }[]): NestedSet {
  const n = spans.length;
  const byId = new Map<bigint, number>();
  for (let i = n - 1; i >= 0; i--) byId.set(spans[i].spanId, i);
  const left = new Int32Array(n);
  const right = new Int32Array(n);
  const parent = new Int32Array(n);
  const parentIndex = new Int32Array(n).fill(-1);
  const childCount = new Int32Array(n);
  const firstChild = new Int32Array(n).fill(-1);
  const nextSibling = new Int32Array(n).fill(-1);
  const roots: number[] = [];
  // Backwards, so that the lists come out in the order of the spans.
  for (let i = n - 1; i >= 0; i--) {
    if (spans[i].parentId === 0n) {
      roots.push(i);
      continue;
    }
    const p = byId.get(spans[i].parentId);
    if (p === undefined || p === i) continue;
    parentIndex[i] = p;
    childCount[p]++;
    nextSibling[i] = firstChild[p];
    firstChild[p] = i;
  }
  const order: number[] = [];
  let number = 0;
  // Only what is reachable from a root is numbered, so cycles end nothing but themselves.
  for (const root of roots.reverse()) {
    parent[root] = -1;
    left[root] = ++number;
    order.push(root);
    let at = root;
    for (;;) {
      const child = firstChild[at];
      if (child >= 0 && left[child] === 0) {
        parent[child] = left[at];
        left[child] = ++number;
        order.push(child);
        at = child;
        continue;
      }
      while (at !== root && nextSibling[at] < 0) {
        right[at] = ++number;
        at = parentIndex[at];
      }
      if (at === root) {
        right[root] = ++number;
        break;
      }
      right[at] = ++number;
      const sibling = nextSibling[at];
      parent[sibling] = left[parentIndex[at]];
      left[sibling] = ++number;
      order.push(sibling);
      at = sibling;
    }
  }
  return { left, right, parent, parentIndex, childCount, order: Int32Array.from(order) };
}
