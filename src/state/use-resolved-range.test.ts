import { describe, expect, it } from 'vitest';
import { resolveRange } from './use-resolved-range.ts';

describe('the resolved range', () => {
  it('ends at the next full second, so that what has just arrived is in it', () => {
    expect(resolveRange('now-1h', 'now', 1_789_645_200_123)).toMatchObject({
      fromMs: 1_789_641_601_000,
      toMs: 1_789_645_201_000,
      startUnixNano: 1_789_641_601_000_000_000n,
      endUnixNano: 1_789_645_201_000_000_000n,
    });
  });

  it('keeps absolute bounds to the millisecond', () => {
    expect(resolveRange('1789645200123', '1789645201001', 0)).toMatchObject({
      fromMs: 1_789_645_200_123,
      toMs: 1_789_645_201_001,
    });
  });

  it('of a link that ends before it starts is the default one', () => {
    const { fromMs, toMs } = resolveRange('2000', '1000', 1_789_645_200_000);
    expect(toMs - fromMs).toBe(3_600_000);
  });
});
