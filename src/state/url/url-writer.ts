import { asItWasLeft } from './page-memory.ts';
import type { UrlState } from './url-state.ts';

export interface UrlWriter {
  go(change: Partial<UrlState>, mode: 'push' | 'replace'): void;
  /** Gives up what waits: the reader went to another entry, which it does not belong to. */
  forget(): void;
}

export interface UrlWriterPorts {
  readonly current: () => UrlState;
  readonly write: (state: UrlState, mode: 'push' | 'replace') => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly later: (task: () => void, ms: number) => void;
}

/** Browsers drop history calls that come too fast. */
const MIN_GAP_MS = 50;

/**
 * Writes the URL at most every 50 ms, but a push at once, after what was waiting: that belongs to the entry which is left.
 * Replaces in between are joined and written when the gap is over, so each change builds on the ones before it.
 */
export function createUrlWriter(ports: UrlWriterPorts): UrlWriter {
  let waiting: UrlState | undefined;
  let lastWrite = Number.NEGATIVE_INFINITY;

  function flush(state: UrlState, mode: 'push' | 'replace'): void {
    waiting = undefined;
    lastWrite = ports.now();
    ports.write(state, mode);
  }

  return {
    go(change, mode) {
      const before = waiting ?? ports.current();
      const state = { ...before, ...asItWasLeft(before, change) };
      const gap = ports.now() - lastWrite;
      if (mode === 'push' || gap >= MIN_GAP_MS) {
        if (mode === 'push' && waiting !== undefined) ports.write(waiting, 'replace');
        flush(state, mode);
        return;
      }
      if (waiting === undefined) {
        ports.later(() => {
          if (waiting) flush(waiting, 'replace');
        }, MIN_GAP_MS - gap);
      }
      waiting = state;
    },
    forget() {
      waiting = undefined;
    },
  };
}
