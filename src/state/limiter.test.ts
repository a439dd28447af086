import { describe, expect, it } from 'vitest';
import { createLimiter } from './limiter.ts';

const never = new AbortController().signal;

/** A task that ends when it is told to. */
function gate() {
  let open = (): void => {};
  const done = new Promise<void>(resolve => {
    open = resolve;
  });
  return { done, open };
}

describe('limiter', () => {
  it('runs no more than its size, in the order of arrival', async () => {
    const limit = createLimiter(2);
    const gates = [gate(), gate(), gate(), gate()];
    const started: number[] = [];
    const all = gates.map((each, index) =>
      limit(async () => {
        started.push(index);
        await each.done;
        return index;
      }, never),
    );
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    gates[1]!.open();
    await all[1];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2]);
    for (const each of gates) each.open();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  it('lets a waiting task leave, and gives its turn to the next', async () => {
    const limit = createLimiter(1);
    const first = gate();
    const leaving = new AbortController();
    const running = limit(() => first.done, never);
    let ran = false;
    const left = limit(async () => {
      ran = true;
    }, leaving.signal);
    const last = limit(async () => 'last', never);
    leaving.abort();
    await expect(left).rejects.toThrow();
    first.open();
    await running;
    expect(await last).toBe('last');
    expect(ran).toBe(false);
  });

  it('frees the slot of a task that fails', async () => {
    const limit = createLimiter(1);
    await expect(limit(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await limit(async () => 1, never)).toBe(1);
  });
});
