import type { DuckDBConnection } from '@duckdb/node-api';
import type { SegmentWriter } from './append/segment-writer.ts';
import { commitTransaction } from './commit-transaction.ts';
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
  /** Before each group: what is to be done before it. Resolves soon, whatever that is. */
  giveWay(): Promise<void>;
  /** Before each group, with no transaction open: the segment to write to, or why nothing can be written now. */
  prepare(sample: boolean): Promise<SegmentWriter | { readonly unavailable: string }>;
  connection(): DuckDBConnection;
  /** Whether DuckDB has nothing to do but the commits. */
  isAlone(): boolean;
  /** Inside the transaction, after the rows. */
  beforeCommit(sample: boolean): Promise<void>;
  afterCommit(sample: boolean, spans: number, seconds: number): void;
  /** A transaction failed: the writer is of no more use, the database perhaps neither. */
  afterFailure(sample: boolean, cause: Error): Promise<void>;
  /** After each group, with no transaction open. */
  between(): Promise<void>;
}

/** Requests whose rows are staged in `writer`. */
interface Staged {
  readonly writer: SegmentWriter;
  readonly sample: boolean;
  readonly jobs: Job[];
  readonly outcomes: IngestOutcome[];
  bytes: number;
}

/** The only writer: takes everything queued as one transaction, and answers each request after its COMMIT. */
export class GroupCommit {
  readonly #target: GroupTarget;
  readonly #queue: Job[] = [];
  #loop: Promise<void> | undefined;
  #tasks: (() => Promise<void>)[] = [];
  /** Part of the next group, decoded during the last commit. */
  #ahead: Staged | undefined;

  constructor(target: GroupTarget) {
    this.#target = target;
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

  /** Whether something waits or is being written. */
  get isBusy(): boolean {
    return this.#loop !== undefined;
  }

  /** Resolves when everything queued so far is answered. */
  async drained(): Promise<void> {
    while (this.#loop !== undefined) await this.#loop;
  }

  #start(): void {
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined;
      if (this.#hasWork()) this.#start();
    });
  }

  async #run(): Promise<void> {
    while (this.#hasWork()) {
      while (this.#tasks.length > 0) await this.#tasks.shift()?.();
      if (this.#hasJobs()) {
        await this.#target.giveWay();
        await this.#commitGroup();
      }
      await this.#target.between();
    }
  }

  #hasJobs(): boolean {
    return this.#queue.length > 0 || (this.#ahead?.jobs.length ?? 0) > 0;
  }

  #hasWork(): boolean {
    return this.#hasJobs() || this.#tasks.length > 0;
  }

  async #commitGroup(): Promise<void> {
    const ahead = this.#ahead;
    const sample = ahead?.sample ?? this.#queue[0].request.sample;
    const writer = await this.#target.prepare(sample);
    if (writer !== ahead?.writer) this.#takeBack();
    this.#ahead = undefined;
    if ('unavailable' in writer) {
      for (const job of this.#queue.splice(0)) job.settle(unavailable(writer.unavailable));
      return;
    }
    const staged = writer === ahead?.writer ? ahead : newGroup(writer, sample);
    while (this.#stageNext(staged));
    if (staged.jobs.length === 0) return;
    const failure = await this.#commit(staged);
    if (failure === undefined) return;
    this.#takeBack();
    if (staged.jobs.length === 1) staged.jobs[0].settle(refusal(failure));
    else await this.#commitSingly(staged.jobs, sample, failure);
  }

  /** Decodes the next request into the group; one that holds nothing to store is answered at once. false: none fits. */
  #stageNext(staged: Staged): boolean {
    const job = this.#queue[0];
    if (job === undefined || job.request.sample !== staged.sample) return false;
    if (staged.bytes >= GROUP_BYTES || staged.writer.stagedSpans >= GROUP_SPANS) return false;
    this.#queue.shift();
    staged.bytes += job.request.body.length;
    const decoded = decodeRequest(job.request, staged.writer);
    if (decoded.kind === 'final') job.settle(decoded.outcome);
    else {
      staged.jobs.push(job);
      staged.outcomes.push(decoded.outcome);
    }
    return true;
  }

  /** While `commit` is under way on another thread, decodes requests of the next group, one at a time. */
  async #stageAhead(writer: SegmentWriter, sample: boolean, commit: Promise<unknown>): Promise<void> {
    const ahead = newGroup(writer, sample);
    this.#ahead = ahead;
    let pending = true;
    const done = commit.then(
      () => {
        pending = false;
      },
      () => {
        pending = false;
      },
    );
    while (pending && this.#stageNext(ahead)) {
      writer.sealFull();
      await new Promise(resolve => setImmediate(resolve));
    }
    await done;
  }

  /** What was staged ahead cannot be written as it is: its requests wait again, in front. */
  #takeBack(): void {
    if (this.#ahead === undefined) return;
    this.#ahead.writer.discard();
    this.#queue.unshift(...this.#ahead.jobs);
    this.#ahead = undefined;
  }

  /** Resolves to the error, if there was one; then nothing of the group is stored. */
  async #commit({ writer, sample, jobs, outcomes }: Staged): Promise<Error | undefined> {
    const began = performance.now();
    const spans = writer.stagedSpans;
    const connection = this.#target.connection();
    try {
      const begun = connection.run('begin');
      writer.seal();
      await begun;
      writer.flush();
      await this.#target.beforeCommit(sample);
      const commit = commitTransaction(connection, this.#target.isAlone());
      await this.#stageAhead(writer, sample, commit);
      await commit;
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
      const alone = { ...newGroup(writer, sample), jobs: [job], outcomes: [decoded.outcome] };
      const again = await this.#commit(alone);
      this.#takeBack();
      if (again !== undefined) job.settle(refusal(again));
    }
  }
}

function newGroup(writer: SegmentWriter, sample: boolean): Staged {
  return { writer, sample, jobs: [], outcomes: [], bytes: 0 };
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
