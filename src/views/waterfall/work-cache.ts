import type { Repeats } from '#domain/analysis/repeats.ts';
import { groupIntervals, type WorkOf, workedNs, workIntervals } from '#domain/analysis/work-intervals.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** What is remembered of one row or group. */
export interface Work {
  readonly intervals: Float64Array;
  readonly sumNs: number;
}

const MOST_KEPT = 4096;

/** Remembers the intervals of what was looked at last, so that a frame costs what is on screen. */
export class WorkCache {
  readonly #table: TraceTable;
  readonly #repeats: Repeats;
  #recent = new Map<number, Work>();
  readonly #large = new Map<number, Work>();

  /** `large` are those that are there already: they are kept for as long as the trace. */
  constructor(table: TraceTable, repeats: Repeats, large: readonly WorkOf[] = []) {
    this.#table = table;
    this.#repeats = repeats;
    for (const { of, intervals } of large) this.#large.set(of, { intervals, sumNs: workedNs(intervals) });
  }

  of(row: number): Work {
    return this.#known(row, () => workIntervals(this.#table, row));
  }

  ofGroup(group: number): Work {
    return this.#known(~group, () => groupIntervals(this.#table, this.#repeats, group));
  }

  #known(key: number, compute: () => Float64Array): Work {
    const known = this.#recent.get(key) ?? this.#large.get(key);
    if (known !== undefined) return known;
    const intervals = compute();
    const work = { intervals, sumNs: workedNs(intervals) };
    if (this.#recent.size >= MOST_KEPT) this.#recent.clear();
    this.#recent.set(key, work);
    return work;
  }
}
