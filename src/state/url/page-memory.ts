import { belongs, KEYS } from './codecs.ts';
import type { Page, UrlState } from './url-state.ts';

/** What each page showed last, in this tab. */
const shown = new Map<Page['name'], UrlState>();

/** Keeps what a page shows, so that who leaves it for another page finds it again. */
export function rememberPage(state: UrlState): void {
  shown.set(state.page.name, state);
}

/** What only means something for the traces that it was chosen among. */
const OF_THE_QUESTION = ['live', 'box', 'focus', 'pick', 'cam'] as const;

/**
 * The change that leads to `page` as it was last left: facets, order and, where the same is asked (source, query,
 * range), box and focus. What `change` names itself stays. A trace is opened as it is, another one not from the same pin.
 */
export function asItWasLeft(from: UrlState, change: Partial<UrlState>): Partial<UrlState> {
  const to = change.page;
  if (to?.name === 'trace' && from.page.name === 'trace' && to.traceId !== from.page.traceId) {
    return { pin: '', ...change };
  }
  if (to === undefined || to.name === from.page.name || to.name === 'trace') return change;
  const left = shown.get(to.name);
  if (left === undefined) return change;
  const now = { ...from, ...change };
  const isSame = (['src', 'q', 'from', 'to'] as const).every(key => left[key] === now[key]);
  const own = KEYS.filter(key => belongs(key, to) && !belongs(key, { name: 'unknown', path: '' }));
  const kept = own.filter(key => isSame || !OF_THE_QUESTION.some(other => other === key));
  return { ...Object.fromEntries(kept.map(key => [key, left[key]])), ...change };
}
