import { SpanFlag } from './trace-table.ts';

/**
 * Cuts each cycle of parents at its earliest span, which becomes a root, and returns how many there were.
 * `parent` holds a negative number for a root.
 */
export function breakCycles(parent: Int32Array, flags: Uint16Array, compare: (a: number, b: number) => number): number {
  const unseen = 0;
  const onPath = 1;
  const done = 2;
  const state = new Uint8Array(parent.length);
  let cycles = 0;
  for (let i = 0; i < parent.length; i++) {
    if (state[i] !== unseen) continue;
    let span = i;
    while (span >= 0 && state[span] === unseen) {
      state[span] = onPath;
      span = parent[span];
    }
    const met = span >= 0 && state[span] === onPath ? span : -1;
    for (span = i; span >= 0 && state[span] === onPath; span = parent[span]) state[span] = done;
    if (met < 0) continue;

    let earliest = met;
    for (span = parent[met]; span !== met; span = parent[span]) if (compare(span, earliest) < 0) earliest = span;
    parent[earliest] = -1;
    flags[earliest] |= SpanFlag.cycleBroken;
    cycles++;
  }
  return cycles;
}
