import type { Steps } from '#domain/analysis/steps.ts';

/** Longest turn, ms: with the step that overruns it, well below what a reader notices. */
const TURN_MS = 10;

/** Runs steps in short turns, so that the page stays alive. Rejects with the signal's reason when it aborts. */
export async function inSlices<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    const end = performance.now() + TURN_MS;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await nextTurn();
    signal?.throwIfAborted();
  }
}

/** A task of its own, after input and frames that are due; unlike a timer's it is not put off. */
function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
