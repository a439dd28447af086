import { describe, expect, it } from 'vitest';
import { warmUp } from './warm-up.ts';

describe('the warm-up of a trace worker', () => {
  it('reads its made-up trace to the end, in many turns', async () => {
    let turns = 0;
    await warmUp(() => ++turns > 0);
    expect(turns).toBeGreaterThan(10);
  });

  it('gives way at the turn after a trace was asked for', async () => {
    let turns = 0;
    await warmUp(() => ++turns < 3);
    expect(turns).toBe(3);
  });
});
