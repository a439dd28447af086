import { describe, expect, it } from 'vitest';
import { StatusCode } from '#domain/trace/trace-table.ts';
import { ribbonOf } from './ribbon.ts';
import { type AnalysedSpan, tableOf } from './testing/table-of.ts';

const shape = (spans: readonly AnalysedSpan[]) => {
  const { services, service, lengthNs } = ribbonOf(tableOf(spans));
  return Array.from(service, (index, i) => `${services[index]} ${lengthNs[i]}`);
};
const root: AnalysedSpan = { id: 'root', from: 0, to: 100, service: 'gateway' };

describe('ribbonOf', () => {
  it('cuts the critical path where the service changes, and merges what lies within one', () => {
    expect(
      shape([
        root,
        { id: 'a', parent: 'root', from: 10, to: 30, service: 'gateway' },
        { id: 'b', parent: 'root', from: 40, to: 80, service: 'cart' },
        { id: 'c', parent: 'b', from: 50, to: 60, service: 'cart' },
      ]),
    ).toEqual(['gateway 40', 'cart 40', 'gateway 20']);
  });

  it('shows spans without a service as such', () => {
    expect(shape([root, { id: 'a', parent: 'root', from: 0, to: 60 }])).toEqual([' 60', 'gateway 40']);
  });

  it('is empty for a trace without spans or duration', () => {
    expect(ribbonOf(tableOf([]))).toMatchObject({ services: [], durationNs: 0 });
    expect(ribbonOf(tableOf([{ ...root, to: -5 }]))).toMatchObject({ services: [], durationNs: 0 });
  });

  it('marks where a failure came from, not every span that passed it on', () => {
    const failed = { status: StatusCode.error };
    const ribbon = ribbonOf(
      tableOf([
        { ...root, ...failed },
        { id: 'call', parent: 'root', from: 10, to: 50, ...failed },
        { id: 'serve', parent: 'call', from: 20, to: 40, ...failed },
        { id: 'retry', parent: 'root', from: 60, to: 90, ...failed },
        { id: 'beside', parent: 'root', from: 61, to: 62, ...failed },
      ]),
    );
    expect(Array.from(ribbon.errorNs)).toEqual([40, 90]);
  });

  it('keeps the first sixteen marks', () => {
    const children = Array.from({ length: 30 }, (_, i) => ({
      id: `c${i}`,
      parent: 'root',
      from: 3 * i,
      to: 3 * i + 2,
      status: StatusCode.error,
    }));
    const { errorNs } = ribbonOf(tableOf([root, ...children]));
    expect(Array.from(errorNs)).toEqual(Array.from({ length: 16 }, (_, i) => 3 * i + 2));
  });
});
