import { describe, expect, it } from 'vitest';
import type { CategoricalDifference, Difference, NumericDifference, PairDifference } from '#domain/api/latency-api.ts';
import { chanceText, effectText, groupText, headline, liftText, rowSentence, toldBy } from './difference-text.ts';
import { quantileStrips } from './quantile-strip.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const shares = { selectionCount: 91, restCount: 71, selectionShare: 0.91, restShare: 0.071, lift: 12.8 };
const value = (text: string, effect: number, p = 0.0001) => ({
  ...shares,
  value: { type: 'string' as const, value: text },
  effect,
  p,
  shareDifference: [0.8, 0.9] as const,
});
const version: CategoricalDifference = {
  kind: 'categorical',
  field: 'resource.service.version',
  effect: 2.1,
  p: 0.0001,
  values: [value('2.13.4', -2.1), value('2.14.0', 2)],
  otherValues: 0,
  missing: { selectionCount: 0, restCount: 0, selectionShare: 0, restShare: 0 },
};
const items: NumericDifference = {
  kind: 'numeric',
  field: 'span.cart.items',
  effect: 1.2,
  p: 0.02,
  selectionQuantiles: [40, 50, 70, 90, 98],
  restQuantiles: [1, 5, 11, 16, 20],
  distance: 0.9,
  split: { operator: '>=', threshold: 40, ...shares },
  type: 'int',
};
const difference: Difference = {
  of: 'traces',
  covers: '',
  estimated: false,
  observed: 1100,
  baseline: 'rest',
  selection: { count: 100, compared: 100 },
  rest: { count: 5_703, compared: 1_000 },
  verdict: 'differs',
  attributes: [version, items],
  pairs: [],
  hidden: [],
  alike: [],
  tested: 43,
  alpha: 0.01,
};

describe('what is different, in words', () => {
  it('tells what the selection has more of before what it lacks', () => {
    expect(toldBy(version, 0.01).map(({ part }) => part.value.value)).toEqual(['2.14.0', '2.13.4']);
    const onlyLess = { ...version, values: [value('2.13.4', -2.1), value('2.14.0', 2, 0.5)] };
    expect(toldBy(onlyLess, 0.01)[0]!.part.value.value).toBe('2.13.4');
    expect(toldBy(items, 0.01)[0]!.part).toEqual({
      field: 'span.cart.items',
      operator: '>=',
      value: { type: 'int', value: '40' },
    });
  });

  it('heads the list with a pair where there is one', () => {
    expect(headline(difference)?.parts).toEqual(['service.version = 2.14.0']);
    const part = (field: string, text: string) =>
      ({ field, operator: '=', value: { type: 'string', value: text } }) as const;
    const pair: PairDifference = {
      ...shares,
      parts: [part('resource.service.version', '2.14.0'), part('baggage.tenant.id', 'acme')],
      effect: 2,
      p: 0,
      namesSelection: 0.9,
    };
    expect(headline({ ...difference, pairs: [pair] })?.parts).toEqual([
      'service.version = 2.14.0',
      'baggage tenant.id = acme',
    ]);
    expect(headline({ ...difference, attributes: [] })).toBeUndefined();
  });

  it('gives both groups, the effect and the chance', () => {
    expect(plain(rowSentence({ shares, effect: 2, p: 0.0001 }, difference))).toBe(
      '91 % of the selection (91 of 100), 7.1 % of the rest (71 of 1,000); large effect, p < 0.001 after 43 comparisons',
    );
    expect([0.9, -0.6, 0.3, 0.1].map(effectText)).toEqual([
      'large effect',
      'medium effect',
      'small effect',
      'slight effect',
    ]);
    expect(plain(chanceText(0.0312))).toBe('p = 0.031');
    expect(plain(groupText(difference.rest, 'traces'))).toBe('1,000 of 5,703 traces');
  });

  it('gives the lift, also where the rest has none', () => {
    expect(liftText(shares)).toBe('×13');
    expect(liftText({ ...shares, lift: 0.55 })).toBe('×0.55');
    const { lift: _, ...none } = shares;
    expect(liftText(none)).toBe('only here');
  });

  it('draws the quantiles of both groups on one scale', () => {
    const { selection, rest } = quantileStrips(items);
    expect(rest.whisker[0]).toBe(0);
    expect(selection.whisker[1]).toBe(100);
    expect(selection.median).toBeGreaterThan(rest.box[1]);
    const same = quantileStrips({ ...items, selectionQuantiles: [5, 5, 5, 5, 5], restQuantiles: [5, 5, 5, 5, 5] });
    expect(Object.values(same.rest).flat().every(Number.isFinite)).toBe(true);
  });
});
