import type { TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import type { Segment } from '#server/store/segment-catalog.ts';
import { figuresOf } from '#server/store/segment-figures.ts';
import { prunedAround } from './ledger.ts';
import { fragmentPlaces, idParameter } from './trace-query.ts';

/** Spans take a while from their end to the store: batches, collectors, retries. */
const ARRIVING_MS = 60_000;

export interface TraceStateQuestion {
  readonly traceId: TraceId;
  /** When the trace ran, Unix ns; undefined if the link does not say. */
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
}

/** Why a trace is there or is not, as far as the store knows: ids of what was pruned are not kept, times are. */
export async function traceState(
  context: QueryContext,
  { traceId, startNs, endNs }: TraceStateQuestion,
  store: { readonly segments: readonly Segment[]; readonly retentionMs: number; readonly nowMs: number },
): Promise<TraceState> {
  if ((await fragmentPlaces(context, traceId)).length > 0) {
    const pins = await context.rows('select 1 from pinned where trace_id = $id::uhugeint', idParameter(traceId));
    return { state: 'stored', isPinned: pins.length > 0 };
  }
  const { oldestUnixNano } = figuresOf(store.segments);
  if (startNs === undefined || endNs === undefined) return { state: 'unknown', oldestUnixNano };
  const pruned = await prunedAround(context, startNs, endNs);
  if (pruned !== undefined) return { state: 'pruned', pruned, retentionMs: store.retentionMs };
  const isDamaged = store.segments.some(
    ({ isDamaged, bounds }) =>
      isDamaged && bounds !== undefined && bounds.minStartNs <= endNs && bounds.maxEndNs >= startNs,
  );
  if (isDamaged) return { state: 'damaged', oldestUnixNano };
  const isYoung = Math.abs(store.nowMs - Number(endNs / 1_000_000n)) < ARRIVING_MS;
  return { state: isYoung ? 'arriving' : 'unknown', oldestUnixNano };
}
