import { BodyBuffers } from './body-buffers.ts';
import type { MetricsRecorder } from './metrics-recorder.ts';
import type { IngestAnswer, IngestMessage, ToWorker } from './protocol.ts';
import type { IngestBody, IngestOptions, IngestResult } from './store-types.ts';

interface Waiting {
  readonly bytes: number;
  /** undefined: its time is not one of a sender (the sample is one large request). */
  readonly sinceMs: number | undefined;
  readonly resolve: (result: IngestResult) => void;
}

/**
 * The requests that were handed to the store's thread and not answered yet: bounded in bytes, which is the only place where
 * spans wait, and posted together, because a message costs as much as the decoding of some spans.
 */
export class IngestQueue {
  /** Bytes of the bodies that wait. */
  bytes = 0;
  readonly #limitBytes: number;
  readonly #metrics: MetricsRecorder;
  readonly #post: (message: ToWorker, transfer: readonly ArrayBuffer[]) => void;
  readonly #buffers = new BodyBuffers();
  readonly #waiting = new Map<number, Waiting>();
  #outbox: IngestMessage[] = [];
  #nextId = 1;

  constructor(
    limitBytes: number,
    metrics: MetricsRecorder,
    post: (message: ToWorker, transfer: readonly ArrayBuffer[]) => void,
  ) {
    this.#limitBytes = limitBytes;
    this.#metrics = metrics;
    this.#post = post;
  }

  /** Resolves with the thread's answer, or at once where the body finds no room. One alone is always let in. */
  push(
    body: IngestBody,
    encoding: 'protobuf' | 'json',
    { sample = false, shiftToEndAtUnixNano }: IngestOptions,
  ): Promise<IngestResult> {
    const pieces = body instanceof Uint8Array ? [body] : body;
    let bytes = 0;
    for (const piece of pieces) bytes += piece.length;
    if (this.bytes > 0 && this.bytes + bytes > this.#limitBytes) {
      return Promise.resolve(this.refuse('the queue is full', true));
    }
    this.bytes += bytes;
    const id = this.#nextId++;
    const buffer = this.#buffers.join(pieces, bytes);
    if (this.#outbox.length === 0) setImmediate(() => this.flush());
    this.#outbox.push({ id, buffer, bytes, encoding, sample, shiftToEndAtUnixNano });
    return new Promise(resolve => {
      this.#waiting.set(id, { bytes, sinceMs: sample ? undefined : performance.now(), resolve });
    });
  }

  /** Posts what was pushed. By itself it happens at the end of the turn. */
  flush(): void {
    if (this.#outbox.length === 0) return;
    const requests = this.#outbox;
    this.#outbox = [];
    this.#post(
      { type: 'ingest', requests },
      requests.map(({ buffer }) => buffer),
    );
  }

  answered(answers: readonly IngestAnswer[]): void {
    const now = performance.now();
    for (const answer of answers) {
      const waiting = this.#waiting.get(answer.id);
      this.#buffers.give(answer.buffer);
      if (waiting === undefined) continue;
      this.#waiting.delete(answer.id);
      this.bytes -= waiting.bytes;
      const { sinceMs } = waiting;
      this.#metrics.ingested(answer, sinceMs === undefined ? undefined : (now - sinceMs) / 1000, now);
      waiting.resolve(answer.result);
    }
  }

  /** The thread is gone: what waits may or may not be stored, so all of it is to be sent again. */
  abandon(reason: string): void {
    for (const { resolve } of this.#waiting.values()) resolve(this.refuse(reason));
    this.#waiting.clear();
    this.#outbox = [];
    this.bytes = 0;
  }

  /** The answer to a request that is not let in, counted. */
  refuse(message: string, isOverload = false): IngestResult {
    const result = { kind: 'unavailable', message, retryAfterS: 1, isOverload } as const;
    this.#metrics.refusedRequest(result);
    return result;
  }
}
