import type { TraceId } from '#domain/ids.ts';
import type { PinRecord, PinRequest } from '#server/store/pins/pin-requests.ts';

/** Asks to pin a trace of the store, unless `more` says otherwise. */
export function pinOf(traceId: TraceId, more: Partial<PinRecord> = {}): PinRequest {
  const view = { path: `/trace/${traceId}`, search: '?find=x' };
  return { do: 'create', pin: { traceId, source: 'local', sourceName: 'This server', view, ...more } };
}
