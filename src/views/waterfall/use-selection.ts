import { useCallback, useEffect, useRef } from 'react';
import { spanIdOf } from '#domain/ids.ts';
import { ordinalOfSpan, rowOfSpan } from '#domain/trace/span-lookup.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/**
 * Opens the details of a row. `walk` names the way that led there; without one the row was picked. Back undoes what a
 * reader would want to go back from: opening, closing, a pick, and a walk (from error to error, along the path) as a
 * whole. Stepping row by row leaves no trace.
 */
export type Select = (row: number, walk?: string) => void;

/** The walk of single steps: the details follow, history does not. */
export const STEP = 'step';

/** How a link names a row: by its span id, and its place among those that share it. */
export function spanInUrl(table: TraceTable, row: number): Pick<UrlState, 'span' | 'nth'> {
  return { span: spanIdOf(table.spanId[row]), nth: ordinalOfSpan(table, row) };
}

/** Couples the selected row with the link (`span`). */
export function useSelection(model: WaterfallModel): { readonly select: Select; readonly close: () => void } {
  const { span, nth } = useUrl();
  const go = useGo();
  const { table } = model;
  const lastWalk = useRef<string>(undefined);

  const select = useCallback<Select>(
    (row, walk) => {
      const { selectedRow } = model.store.get();
      if (row === selectedRow) return;
      const goesOn = walk === STEP || (walk !== undefined && walk === lastWalk.current);
      if (walk !== STEP) lastWalk.current = walk;
      model.store.set({ selectedRow: row });
      go(spanInUrl(table, row), selectedRow >= 0 && goesOn ? 'replace' : 'push');
    },
    [model, table, go],
  );
  const close = useCallback(() => go({ span: undefined, nth: 1 }, 'push'), [go]);

  useEffect(() => {
    const { selectedRow: row } = model.store.get();
    if (span === undefined) {
      lastWalk.current = undefined;
      model.store.set({ selectedRow: -1 });
      return;
    }
    const wanted = rowOfSpan(table, span, nth);
    if (row === wanted) return;
    lastWalk.current = undefined;
    model.select(wanted);
  }, [model, table, span, nth]);
  return { select, close };
}
