import type { UrlState } from '#state/url/url-state.ts';

/** What a graph is compared with, in words. */
export const BASELINE_WORDS: Readonly<Record<UrlState['than'], string>> = {
  previous: 'the time before',
  day: 'the day before',
  week: 'the week before',
  nothing: 'nothing',
};
