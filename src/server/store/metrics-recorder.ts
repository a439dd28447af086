import type { IngestOutcome } from './protocol.ts';
import type { Histogram } from './store-types.ts';

const COMMIT_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const CHECKPOINT_BOUNDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The counters of the operator contract, kept on the main thread. */
export class MetricsRecorder {
  received = 0;
  committed = 0;
  deduped = 0;
  lastCommitUnixMs: number | undefined;
  segments = 0;
  queriesStopped = 0;
  readonly refused = { invalid: 0, unavailable: 0 };
  readonly rejected = new Map<string, number>();
  readonly commitSeconds = newHistogram(COMMIT_BOUNDS);
  readonly checkpointSeconds = newHistogram(CHECKPOINT_BOUNDS);

  ingested({ result, refusals }: IngestOutcome): void {
    for (const [reason, spans] of Object.entries(refusals)) this.#reject(reason, spans);
    if (result.kind === 'stored') {
      this.received += result.accepted;
      this.committed += result.accepted;
    } else this.refused[result.kind]++;
  }

  #reject(reason: string, spans: number): void {
    if (spans === 0) return;
    this.received += spans;
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + spans);
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
