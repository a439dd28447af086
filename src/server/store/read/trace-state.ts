import type { GonePin } from '#domain/api/pin-api.ts';
import type { TraceState } from '#domain/api/store-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import type { Segment } from '#server/store/segment-catalog.ts';
import { figuresOf } from '#server/store/segment-figures.ts';
import { prunedAround, prunedSegments } from './ledger.ts';
import { fragmentPlaces, idParameter } from './trace-query.ts';

/** Spans take a while from their end to the store: batches, collectors, retries. */
const ARRIVING_MS = 60_000;

export interface TraceStateQuestion {
  readonly traceId: TraceId;
  /** When the trace ran, Unix ns; undefined if the link does not say. */
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
}

/** What the answer needs of the rest of the store. */
export interface TraceStateStore {
  readonly segments: readonly Segment[];
  readonly retentionMs: number;
  readonly nowMs: number;
  readonly lastPin: (context: QueryContext, traceId: bigint) => Promise<GonePin | undefined>;
}

/** Why a trace is there or is not, as far as the store knows: ids of what was pruned are not kept, times are. */
export async function traceState(
  context: QueryContext,
  { traceId, startNs, endNs }: TraceStateQuestion,
  store: TraceStateStore,
): Promise<TraceState> {
  const parameter = idParameter(traceId);
  if ((await fragmentPlaces(context, traceId)).length > 0) {
    return { state: 'stored', isPinned: (await context.rows(PINNED, { ...parameter, now: store.nowMs })).length > 0 };
  }
  const [lastPruned] = await prunedSegments(context, 1);
  const { oldestUnixNano } = figuresOf(store.segments);
  const lastPin = await store.lastPin(context, parameter.id);
  const absent = { retentionMs: store.retentionMs, oldestUnixNano, lastPruned, lastPin };
  if (startNs === undefined || endNs === undefined) return { state: 'unknown', ...absent };
  const pruned = await prunedAround(context, startNs, endNs);
  if (pruned !== undefined) return { state: 'pruned', pruned, ...absent };
  const isDamaged = store.segments.some(
    ({ isDamaged, bounds }) =>
      isDamaged && bounds !== undefined && bounds.minStartNs <= endNs && bounds.maxEndNs >= startNs,
  );
  if (isDamaged) return { state: 'damaged', ...absent };
  const isYoung = Math.abs(store.nowMs - Number(endNs / 1_000_000n)) < ARRIVING_MS;
  return { state: isYoung ? 'arriving' : 'unknown', ...absent };
}

const PINNED = `select 1 from pins where trace_id = $id::uhugeint and is_stored and gone_unix_ms is null
and (expires_unix_ms is null or expires_unix_ms > $now) limit 1`;
