import type { DifferenceBaseline } from '#domain/api/latency-api.ts';

const TEXTS: Readonly<Record<DifferenceBaseline, string>> = {
  rest: 'the rest',
  '1h': 'the hour before',
  '1d': 'the day before',
  '1w': 'the week before',
};

/** What a box is held against, within a sentence. */
export function baselineText(baseline: DifferenceBaseline): string {
  return TEXTS[baseline];
}
