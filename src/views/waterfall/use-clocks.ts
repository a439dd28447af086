import { useEffect, useState } from 'react';
import { adjustInSteps } from '#domain/analysis/adjusted-clocks.ts';
import { prepared, prepareForThisThread } from '#domain/analysis/prepared-trace.ts';
import type { Steps } from '#domain/analysis/steps.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { beginWork } from '#state/idle.ts';
import { inTurns } from './in-turns.ts';

/** Whether clocks that are off are adjusted on screen. Lasts as long as the page: no link and no copy says it. */
export interface Clocks {
  readonly adjusted: boolean;
  readonly adjust: (adjusted: boolean) => void;
}

/** The table to show for one that was received: itself, or with its clocks adjusted once the reader asks for that. */
export function useClocks(received: TraceTable): { readonly shown: TraceTable; readonly clocks: Clocks } {
  const [wanted, adjust] = useState(false);
  const [made, setMade] = useState<{ readonly from: TraceTable; readonly table: TraceTable }>();
  useEffect(() => {
    if (!wanted) return;
    const controller = new AbortController();
    const done = beginWork();
    inTurns(adjustAndPrepare(received), controller.signal)
      .then(
        table => setMade({ from: received, table }),
        // The reader went back to the times as received, or another load of the trace came.
        () => undefined,
      )
      .finally(done);
    return () => {
      controller.abort();
      done();
    };
  }, [received, wanted]);
  const adjusted = wanted && made?.from === received;
  return { shown: adjusted ? made.table : received, clocks: { adjusted, adjust } };
}

function* adjustAndPrepare(received: TraceTable): Steps<TraceTable> {
  const table = yield* adjustInSteps(received, prepared(received).skew);
  yield* prepareForThisThread(table);
  return table;
}
