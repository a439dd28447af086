import { SpanFlag, SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';

/** How far the spans below a row reach out of its own time, ns after the base. */
export interface Overflow {
  /** The earliest start before the row's; undefined if none is. */
  readonly fromNs: number | undefined;
  /** The latest end after the row's; undefined if none is. */
  readonly toNs: number | undefined;
}

const NONE: Overflow = { fromNs: undefined, toNs: undefined };
const MOST_KEPT = 4096;

/** What hides below closed rows and sticks out of them, remembered for those that were looked at last. */
export class OverflowCache {
  readonly #table: TraceTable;
  readonly #recent = new Map<number, Overflow>();

  constructor(table: TraceTable) {
    this.#table = table;
  }

  of(row: number): Overflow {
    if (this.#table.damage.outsideParent === 0) return NONE;
    const known = this.#recent.get(row);
    if (known !== undefined) return known;
    const overflow = overflowOf(this.#table, row);
    if (this.#recent.size >= MOST_KEPT) this.#recent.clear();
    this.#recent.set(row, overflow);
    return overflow;
  }
}

/** One pass over the subtree. Consumers of a producer go on without it by design and are left out, with what they call. */
export function overflowOf(table: TraceTable, row: number): Overflow {
  const { parent, subtreeEnd, kind, flags, startNs, spanDurationNs } = table;
  const unfit = SpanFlag.noTimestamp | SpanFlag.offScale;
  if ((flags[row] & unfit) !== 0) return NONE;
  const startsAt = startNs[row];
  const endsAt = startsAt + Math.max(0, spanDurationNs[row]);
  let fromNs = startsAt;
  let toNs = endsAt;
  for (let below = row + 1; below < subtreeEnd[row]; ) {
    if (kind[below] === SpanKind.consumer && kind[parent[below]] === SpanKind.producer) {
      below = subtreeEnd[below];
      continue;
    }
    if ((flags[below] & unfit) === 0) {
      fromNs = Math.min(fromNs, startNs[below]);
      toNs = Math.max(toNs, startNs[below] + Math.max(0, spanDurationNs[below]));
    }
    below++;
  }
  return { fromNs: fromNs < startsAt ? fromNs : undefined, toNs: toNs > endsAt ? toNs : undefined };
}
