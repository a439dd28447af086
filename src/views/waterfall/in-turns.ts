import type { Steps } from '#domain/analysis/steps.ts';

/** Work goes on for so long before others get a turn, ms. */
const TURN_MS = 8;

/** Runs steps in short turns, between which the page answers. Rejects when `signal` aborts. */
export async function inTurns<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - began < TURN_MS) continue;
    await new Promise(resolve => setTimeout(resolve));
    signal.throwIfAborted();
    began = performance.now();
  }
}
