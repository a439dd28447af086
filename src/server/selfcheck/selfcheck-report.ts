import type { SelfCheckStep } from '#domain/api/store-api.ts';

/** 0: all right. 1: something is missing or wrong. 3: all there, but late. */
export type SelfcheckExit = 0 | 1 | 3;

export function exitCodeOf(steps: readonly SelfCheckStep[]): SelfcheckExit {
  if (steps.some(({ state }) => state === 'missing' || state === 'wrong')) return 1;
  return steps.some(({ state }) => state === 'late') ? 3 : 0;
}

const MAX_FOUND = 10;

const VERDICTS = { 0: 'all right', 1: 'something is missing or wrong', 3: 'all there, but late' } as const;

/** A line for each step, below it what it found, and last what it comes to. */
export function reportText(steps: readonly SelfCheckStep[]): string {
  const lines = steps.flatMap(({ name, state, found, ms }) => [
    `${name.padEnd(12)}${state === 'absent' ? 'not served' : state}${state === 'absent' ? '' : ` after ${ms} ms`}`,
    ...found.slice(0, MAX_FOUND).map(sentence => `  ${sentence.replace(/[\x00-\x1f\x7f-\x9f]/g, '\ufffd')}`),
    ...(found.length > MAX_FOUND ? [`  and ${found.length - MAX_FOUND} more`] : []),
  ]);
  return `${[...lines, VERDICTS[exitCodeOf(steps)]].join('\n')}\n`;
}
