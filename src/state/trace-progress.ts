import { useSyncExternalStore } from 'react';
import type { TraceId } from '#domain/ids.ts';

/** How far the open trace has come while it loads. */
export interface TraceProgress {
  readonly bytes: number;
  readonly totalBytes: number | undefined;
  readonly spans: number;
}

const loading = new Map<TraceId, TraceProgress>();
const listeners = new Set<() => void>();

/** Notes progress; `undefined` when the load is over. */
export function reportProgress(id: TraceId, progress: TraceProgress | undefined): void {
  if (progress === undefined) loading.delete(id);
  else loading.set(id, progress);
  for (const listener of listeners) listener();
}

/** The latest progress of a trace that is loading; undefined before the first byte and when nothing loads. */
export function useTraceProgress(id: TraceId): TraceProgress | undefined {
  return useSyncExternalStore(subscribe, () => loading.get(id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
