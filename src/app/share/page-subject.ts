import { visibleText } from '#domain/format/text.ts';
import { formatRange } from '#domain/time/clock.ts';
import { parseRange, relativeLabel } from '#domain/time/range.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import type { ShareSubject } from '#state/share/share-subject.ts';
import type { UrlState } from '#state/url/url-state.ts';

const NAMES: Readonly<Record<UrlState['page']['name'], string>> = {
  explore: 'Traces',
  graph: 'Service graph',
  trace: 'Trace',
  store: 'Store',
  pins: 'Pins',
  pin: 'Pin',
  unknown: 'Throughline',
};

interface Surroundings {
  readonly nowMs: number;
  readonly zone: TimeZoneChoice;
  readonly sourceName: string;
}

/** What a page shows that says nothing of itself: its name, what is asked, when and of whom. */
export function pageSubject({ page, q, from, to }: UrlState, { nowMs, zone, sourceName }: Surroundings): ShareSubject {
  const title = page.name === 'trace' ? `${NAMES.trace} ${page.traceId}` : NAMES[page.name];
  if (page.name !== 'explore' && page.name !== 'graph') return { title, facts: '' };
  const range = parseRange(from, to, nowMs);
  const time =
    relativeLabel(from, to) ?? (range.ok ? formatRange(range.value.fromMs, range.value.toMs, zone, nowMs) : '');
  return {
    title: q.trim() === '' ? title : `${title}: ${visibleText(q)}`,
    facts: [time, sourceName].filter(part => part !== '').join(', '),
  };
}
