/** Which of its references a span hangs from, and whether that is said for sure. */
export interface ParentChoice {
  /** Span ids of one trace that may be the parent, the best first: CHILD_OF, then FOLLOWS_FROM. */
  readonly candidates: readonly { readonly spanId: string; readonly isChildOf: boolean }[];
  readonly spanId: string;
}

const MAX_ROUNDS = 8;

/**
 * For each span the place of its parent among its candidates, -1 for none. A FOLLOWS_FROM to a descendant is no parentage:
 * such a span takes its next candidate. Cycles of CHILD_OF alone stay: the table builder breaks and flags them.
 */
export function chooseParents(spans: readonly ParentChoice[]): Int32Array {
  const chosen = Int32Array.from(spans, ({ candidates }) => (candidates.length > 0 ? 0 : -1));
  const indexOf = new Map<string, number>();
  for (const [i, { spanId }] of spans.entries()) if (!indexOf.has(spanId)) indexOf.set(spanId, i);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const cut = loosestOfCycles(spans, chosen, indexOf);
    if (cut.length === 0) break;
    for (const i of cut) {
      const next = chosen[i] + 1;
      chosen[i] = round < MAX_ROUNDS - 1 && next < spans[i].candidates.length ? next : -1;
    }
  }
  return chosen;
}

/** One span of every cycle that has an edge which is not CHILD_OF. Each span has one parent: cycles do not meet. */
function loosestOfCycles(
  spans: readonly ParentChoice[],
  chosen: Int32Array,
  indexOf: ReadonlyMap<string, number>,
): readonly number[] {
  const seenIn = new Int32Array(spans.length).fill(-1);
  const cut: number[] = [];
  const parentOf = (i: number): number =>
    chosen[i] < 0 ? -1 : (indexOf.get(spans[i].candidates[chosen[i]]?.spanId ?? '') ?? -1);
  for (let start = 0; start < spans.length; start++) {
    let at = start;
    while (at >= 0 && seenIn[at] < 0) {
      seenIn[at] = start;
      at = parentOf(at);
    }
    if (at < 0 || seenIn[at] !== start) continue;
    const first = at;
    do {
      if (spans[at].candidates[chosen[at]]?.isChildOf === false) {
        cut.push(at);
        break;
      }
      at = parentOf(at);
    } while (at !== first);
  }
  return cut;
}
