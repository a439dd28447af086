import { useEffect, useMemo, useRef, useState } from 'react';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { beginWork } from '#state/idle.ts';
import { carryOver } from './carry-over.ts';
import { prepare, prepared, prepareLater } from './prepare.ts';
import { WaterfallModel } from './waterfall-model.ts';

/** Larger tables are prepared in slices before they are shown. */
const MOST_AT_ONCE = 20_000;

/**
 * The model of a table, undefined while a large one is being prepared. When a young trace has grown, what the reader did
 * to the old one is carried over, and the old one is shown until then.
 */
export function useModel(table: TraceTable): WaterfallModel | undefined {
  const last = useRef<WaterfallModel>(undefined);
  const [ready, setReady] = useState<TraceTable>();
  const canShow = table.length <= MOST_AT_ONCE || ready === table || prepared(table) !== undefined;
  useEffect(() => {
    if (canShow) return;
    const controller = new AbortController();
    const done = beginWork();
    prepareLater(table, controller.signal)
      .then(
        () => setReady(table),
        error => {
          if (!controller.signal.aborted) throw error;
        },
      )
      .finally(done);
    return () => {
      controller.abort();
      done();
    };
  }, [table, canShow]);
  return useMemo(() => {
    if (!canShow) return last.current?.table.traceId === table.traceId ? last.current : undefined;
    const start = performance.now();
    const model = new WaterfallModel(table, prepare(table));
    if (last.current?.table.traceId === table.traceId) carryOver(last.current, model);
    last.current = model;
    performance.measure('throughline:layout', { start, end: performance.now() });
    return model;
  }, [table, canShow]);
}
