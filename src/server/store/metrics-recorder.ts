import type { LatencyFigures, RateFigures } from '#domain/api/store-api.ts';
import type { IngestOutcome } from './protocol.ts';
import type { CompactionTotals, Histogram, IngestResult, SegmentCompaction } from './store-types.ts';

const COMMIT_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const CHECKPOINT_BOUNDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The counters of the operator contract, kept on the main thread. */
export class MetricsRecorder {
  received = 0;
  committed = 0;
  copiesLeftOut = 0;
  lastCommitUnixMs: number | undefined;
  segments = 0;
  queriesStopped = 0;
  compactions: CompactionTotals = { segments: 0, spans: 0, copies: 0, bytesBefore: 0, bytesAfter: 0 };
  readonly refused = { invalid: 0, overload: 0, unavailable: 0 };
  readonly rejected = new Map<string, number>();
  readonly odd = new Map<string, number>();
  readonly commitSeconds = newHistogram(COMMIT_BOUNDS);
  readonly acknowledgeSeconds = newHistogram(COMMIT_BOUNDS);
  readonly checkpointSeconds = newHistogram(CHECKPOINT_BOUNDS);
  readonly acknowledgements = new LatestTimes();
  readonly rate = new SpanRate();

  /** One request was answered, `seconds` after it was handed over; undefined: that time is not to count. */
  ingested({ result, refusals, odd = {} }: IngestOutcome, seconds: number | undefined, nowMs: number): void {
    for (const [reason, spans] of Object.entries(refusals)) this.#reject(reason, spans);
    if (result.kind !== 'stored') {
      this.refusedRequest(result);
      return;
    }
    this.received += result.accepted;
    this.committed += result.accepted;
    for (const [reason, spans] of Object.entries(odd)) this.odd.set(reason, (this.odd.get(reason) ?? 0) + spans);
    this.rate.add(result.accepted, nowMs);
    if (seconds === undefined) return;
    this.acknowledgements.add(seconds * 1000);
    observe(this.acknowledgeSeconds, seconds);
  }

  compacted({ spans, copies, bytesBefore, bytesAfter }: SegmentCompaction): void {
    const totals = this.compactions;
    this.compactions = {
      segments: totals.segments + 1,
      spans: totals.spans + spans,
      copies: totals.copies + copies,
      bytesBefore: totals.bytesBefore + bytesBefore,
      bytesAfter: totals.bytesAfter + bytesAfter,
    };
  }

  /** A whole request was refused; of its spans nothing is known beyond what was rejected one by one. */
  refusedRequest(result: Exclude<IngestResult, { kind: 'stored' }>): void {
    if (result.kind === 'invalid') this.refused.invalid++;
    else this.refused[result.isOverload === true ? 'overload' : 'unavailable']++;
  }

  #reject(reason: string, spans: number): void {
    if (spans === 0) return;
    this.received += spans;
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + spans);
  }
}

/** The times of the latest requests, for exact percentiles. */
class LatestTimes {
  static readonly #SIZE = 1024;
  readonly #ms = new Float64Array(LatestTimes.#SIZE);
  #total = 0;

  add(ms: number): void {
    this.#ms[this.#total++ % LatestTimes.#SIZE] = ms;
  }

  figures(): LatencyFigures | undefined {
    const count = Math.min(this.#total, LatestTimes.#SIZE);
    if (count === 0) return undefined;
    const sorted = this.#ms.slice(0, count).sort();
    const at = (share: number) => sorted[Math.min(count - 1, Math.ceil(share * count) - 1)];
    return { count, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted[count - 1] };
  }
}

/** Spans committed per step over the last ten minutes. Times are those of a clock that never goes back. */
class SpanRate {
  static readonly #STEP_MS = 5_000;
  static readonly #STEPS = 120;
  readonly #spans = new Float64Array(SpanRate.#STEPS + 1);
  #step: number | undefined;

  add(spans: number, nowMs: number): void {
    this.#spans[this.#advance(nowMs) % this.#spans.length] += spans;
  }

  figures(nowMs: number): RateFigures {
    const current = this.#advance(nowMs);
    const size = this.#spans.length;
    const spans = Array.from({ length: SpanRate.#STEPS }, (_, i) => this.#spans[(current + 1 + i) % size]);
    return { stepMs: SpanRate.#STEP_MS, spans };
  }

  /** Empties the steps that have gone by. */
  #advance(nowMs: number): number {
    const step = Math.floor(nowMs / SpanRate.#STEP_MS);
    const before = this.#step ?? step;
    for (let i = Math.max(before + 1, step - this.#spans.length + 1); i <= step; i++)
      this.#spans[i % this.#spans.length] = 0;
    this.#step = step;
    return step;
  }
}

interface MutableHistogram extends Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

export function observe(histogram: MutableHistogram, value: number): void {
  histogram.sum += value;
  histogram.count++;
  for (let i = histogram.bounds.length - 1; i >= 0 && value <= histogram.bounds[i]; i--) histogram.counts[i]++;
}

function newHistogram(bounds: readonly number[]): MutableHistogram {
  return { bounds, counts: bounds.map(() => 0), sum: 0, count: 0 };
}
