import { useMemo, useRef } from 'react';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { carryOver } from './carry-over.ts';
import { WaterfallModel } from './waterfall-model.ts';

/** The model of a table. When a young trace has grown, what the reader did to the old one is carried over. */
export function useModel(table: TraceTable): WaterfallModel {
  const last = useRef<WaterfallModel>(undefined);
  return useMemo(() => {
    const start = performance.now();
    const model = new WaterfallModel(table);
    if (last.current?.table.traceId === table.traceId) carryOver(last.current, model);
    last.current = model;
    performance.measure('throughline:layout', { start, end: performance.now() });
    return model;
  }, [table]);
}
