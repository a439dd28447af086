import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RightOfWay } from './right-of-way.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What happens, in order. */
function record(): { readonly way: RightOfWay; readonly log: string[]; begin(name: string): () => Promise<void> } {
  const way = new RightOfWay();
  const log: string[] = [];
  const begin = (name: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const read = way.during(() => promise).then(() => log.push(name));
    return async () => {
      resolve();
      await read;
    };
  };
  return { way, log, begin };
}

describe('RightOfWay', () => {
  it('holds a group back until the reads under way have ended', async () => {
    const { way, log, begin } = record();
    const [endFirst, endSecond] = [begin('first read'), begin('second read')];
    const group = way.give().then(() => log.push('group'));
    await endSecond();
    await vi.advanceTimersByTimeAsync(10);
    await endFirst();
    await group;
    expect(log).toEqual(['second read', 'first read', 'group']);
  });

  it('does not hold a group back for long, however many reads come', async () => {
    const { way, log, begin } = record();
    const end = begin('read');
    const group = way.give().then(() => log.push('group'));
    await vi.advanceTimersByTimeAsync(30);
    const endAnother = begin('another');
    await vi.advanceTimersByTimeAsync(20);
    await group;
    await Promise.all([end(), endAnother()]);
    expect(log).toEqual(['group', 'read', 'another']);
  });

  it('waits for the beginning of a long read only', async () => {
    const { way, begin } = record();
    const end = begin('long read');
    await vi.advanceTimersByTimeAsync(240);
    const group = way.give();
    await vi.advanceTimersByTimeAsync(10);
    await group;
    await way.give();
    expect(vi.getTimerCount()).toBe(0);
    await end();
  });

  it('costs nothing where nothing is read, nor after a read that failed', async () => {
    const { way } = record();
    await way.give();
    await expect(way.during(() => Promise.reject(new Error('no such table')))).rejects.toThrow('no such table');
    await way.give();
    expect(vi.getTimerCount()).toBe(0);
  });
});
