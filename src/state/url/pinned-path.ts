import type { Pin } from '#domain/api/pin-api.ts';
import { parseSearch, stringifySearch } from './codecs.ts';

/** Where a pin opens what was seen: its view, on the copy that it keeps. As it was stored, so that what is old is upgraded. */
export function pinnedPath({ id, traceId, view }: Pick<Pin, 'id' | 'traceId' | 'view'>): string {
  return `/trace/${traceId}${stringifySearch({ ...parseSearch(view.search), pin: id })}`;
}
