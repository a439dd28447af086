import { describe, expect, it } from 'vitest';
import { DEFAULT_URL_STATE, type UrlState } from '#state/url/url-state.ts';
import { pageSubject } from './page-subject.ts';

const around = { nowMs: Date.UTC(2026, 8, 17, 12, 40), zone: 'utc', sourceName: 'prod-eu' };
const absolute: UrlState = {
  ...DEFAULT_URL_STATE,
  q: '{ status = error }',
  from: String(Date.UTC(2026, 8, 17, 11, 40)),
  to: String(around.nowMs),
};

describe('what a page says of what it shows', () => {
  it('is what is asked, when and of whom', () => {
    expect(pageSubject(absolute, around)).toEqual({
      title: 'Traces: { status = error }',
      facts: '11:40 – 12:40 UTC, prod-eu',
    });
    expect(pageSubject({ ...DEFAULT_URL_STATE, page: { name: 'graph' } }, around)).toEqual({
      title: 'Service graph',
      facts: 'Last 1\u00a0h, prod-eu',
    });
  });

  it('is its name where nothing is asked', () => {
    expect(pageSubject({ ...absolute, page: { name: 'pins' } }, around)).toEqual({ title: 'Pins', facts: '' });
  });

  it('leaves out a range that is none', () => {
    expect(pageSubject({ ...absolute, to: '5' }, around).facts).toBe('prod-eu');
  });
});
