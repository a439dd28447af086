/** Work over a whole trace in small steps: what runs it decides when to give others a turn. Returns the outcome. */
export type Steps<T> = Generator<undefined, T>;

/** Loops over rows offer a turn after so many of them; a power of two. */
export const ROWS_PER_STEP = 32_768;

/** Runs all steps at once. */
export function allSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
