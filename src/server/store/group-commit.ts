import type { DuckDBConnection } from '@duckdb/node-api';
import type { SegmentWriter } from './append/segment-writer.ts';
import type { IngestOutcome, IngestRequest } from './protocol.ts';
import { decodeRequest, invalid } from './request-rows.ts';

/** One transaction takes what is queued, up to this. */
const GROUP_BYTES = 8 * 1024 * 1024;
const GROUP_SPANS = 20_000;

/** A request that waits for its commit. */
export interface Job {
  readonly request: IngestRequest;
  readonly settle: (outcome: IngestOutcome) => void;
}

/** Where the next group goes and what surrounds it; the store answers. */
export interface GroupTarget {
  /** Before each group, with no transaction open: the segment to write to, or why nothing can be written now. */
  prepare(sample: boolean): Promise<SegmentWriter | { readonly unavailable: string }>;
  connection(): DuckDBConnection;
  /** Inside the transaction, after the rows. */
  beforeCommit(sample: boolean): Promise<void>;
  afterCommit(sample: boolean, spans: number, seconds: number): void;
  /** A transaction failed: the writer is of no more use, the database perhaps neither. */
  afterFailure(sample: boolean, cause: Error): Promise<void>;
  /** Nothing is queued or in flight any more, or a group has just been committed: time for maintenance. */
  between(idle: boolean): Promise<void>;
}

interface Staged {
  readonly jobs: readonly Job[];
  readonly outcomes: readonly IngestOutcome[];
}

/** The only writer: takes everything queued as one transaction, and answers each request after its COMMIT. */
export class GroupCommit {
  readonly #target: GroupTarget;
  readonly #queue: Job[] = [];
  #loop: Promise<void> | undefined;
  #tasks: (() => Promise<void>)[] = [];

  constructor(target: GroupTarget) {
    this.#target = target;
  }

  get isIdle(): boolean {
    return this.#loop === undefined;
  }

  push(job: Job): void {
    this.#queue.push(job);
    this.#start();
  }

  /** Runs `task` when no transaction is open. */
  exclusively(task: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tasks.push(() => task().then(resolve, reject));
      this.#start();
    });
  }

  /** Resolves when everything queued so far is answered. */
  async drained(): Promise<void> {
    while (this.#loop !== undefined) await this.#loop;
  }

  #start(): void {
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined;
      if (this.#queue.length > 0 || this.#tasks.length > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 || this.#tasks.length > 0) {
      while (this.#tasks.length > 0) await this.#tasks.shift()?.();
      if (this.#queue.length > 0) await this.#commitGroup();
      await this.#target.between(this.#queue.length === 0);
    }
  }

  async #commitGroup(): Promise<void> {
    const sample = this.#queue[0].request.sample;
    const writer = await this.#target.prepare(sample);
    if ('unavailable' in writer) {
      const jobs = this.#queue.splice(0);
      for (const job of jobs) job.settle(unavailable(writer.unavailable));
      return;
    }
    const staged = this.#stage(writer, sample);
    if (staged.jobs.length === 0) return;
    const failure = await this.#commit(writer, sample, staged);
    if (failure === undefined) return;
    if (staged.jobs.length === 1) staged.jobs[0].settle(refusal(failure));
    else await this.#commitSingly(staged.jobs, sample, failure);
  }

  /** Takes requests off the queue and decodes them; those that hold nothing to store are answered at once. */
  #stage(writer: SegmentWriter, sample: boolean): Staged {
    const jobs: Job[] = [];
    const outcomes: IngestOutcome[] = [];
    let bytes = 0;
    while (this.#queue.length > 0 && bytes < GROUP_BYTES && writer.stagedSpans < GROUP_SPANS) {
      if (this.#queue[0].request.sample !== sample) break;
      const job = this.#queue.shift()!;
      bytes += job.request.body.length;
      const decoded = decodeRequest(job.request, writer);
      if (decoded.kind === 'final') job.settle(decoded.outcome);
      else {
        jobs.push(job);
        outcomes.push(decoded.outcome);
      }
    }
    return { jobs, outcomes };
  }

  /** Resolves to the error, if there was one; then nothing of the group is stored. */
  async #commit(writer: SegmentWriter, sample: boolean, { jobs, outcomes }: Staged): Promise<Error | undefined> {
    const began = performance.now();
    const spans = writer.stagedSpans;
    const connection = this.#target.connection();
    try {
      await connection.run('begin');
      writer.flush();
      await this.#target.beforeCommit(sample);
      await connection.run('commit');
    } catch (cause) {
      const failure = cause instanceof Error ? cause : new Error(String(cause));
      if (!isDurable(failure)) {
        await connection.run('rollback').catch(() => undefined);
        await this.#target.afterFailure(sample, failure);
        return failure;
      }
      await this.#target.afterFailure(sample, failure);
    }
    this.#target.afterCommit(sample, spans, (performance.now() - began) / 1000);
    jobs.forEach((job, i) => {
      job.settle(outcomes[i]);
    });
    return undefined;
  }

  /** Each request of a failed group on its own, once: one that poisons its group is found and refused alone. */
  async #commitSingly(jobs: readonly Job[], sample: boolean, failure: Error): Promise<void> {
    const hopeless = isOutOfSpace(failure);
    for (const job of jobs) {
      const writer = hopeless ? { unavailable: failure.message } : await this.#target.prepare(sample);
      if ('unavailable' in writer) {
        job.settle(unavailable(writer.unavailable));
        continue;
      }
      const decoded = decodeRequest(job.request, writer);
      if (decoded.kind === 'final') {
        job.settle(decoded.outcome);
        continue;
      }
      const again = await this.#commit(writer, sample, { jobs: [job], outcomes: [decoded.outcome] });
      if (again !== undefined) job.settle(refusal(again));
    }
  }
}

/** DuckDB says this when only the checkpoint behind the commit failed. */
function isDurable(failure: Error): boolean {
  return failure.message.includes('COMMIT succeeded and is durable');
}

function isOutOfSpace(failure: Error): boolean {
  return /no space left|could not write|out of memory/i.test(failure.message);
}

/** Input that DuckDB cannot take is the sender's to mend; everything else may pass when it is sent again. */
function refusal(failure: Error): IngestOutcome {
  const message = failure.message.slice(0, 300);
  if (/^(Invalid Input|Conversion|Constraint|Out of Range) Error/.test(message)) {
    return invalid(`cannot store the request: ${message}`, {}).outcome;
  }
  return unavailable(message);
}

export function unavailable(message: string): IngestOutcome {
  return { result: { kind: 'unavailable', message, retryAfterS: 1 }, refusals: {} };
}
