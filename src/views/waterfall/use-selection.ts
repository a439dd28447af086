import { useCallback, useEffect, useRef } from 'react';
import { spanIdOf } from '#domain/ids.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
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

/** Couples the selected row with the link (`span`). */
export function useSelection(model: WaterfallModel): { readonly select: Select; readonly close: () => void } {
  const { span } = useUrl();
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
      go({ span: spanIdOf(table.spanId[row]) }, selectedRow >= 0 && goesOn ? 'replace' : 'push');
    },
    [model, table, go],
  );
  const close = useCallback(() => go({ span: undefined }, 'push'), [go]);

  useEffect(() => {
    const { selectedRow: row } = model.store.get();
    if (span === undefined) {
      lastWalk.current = undefined;
      model.store.set({ selectedRow: -1 });
      return;
    }
    // Of two spans with one id the reader may have picked the later.
    if (row >= 0 && spanIdOf(table.spanId[row]) === span) return;
    lastWalk.current = undefined;
    model.select(rowOfSpan(table, span));
  }, [model, table, span]);
  return { select, close };
}
