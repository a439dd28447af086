import { useEffect, useMemo, useState } from 'react';
import { allSteps } from '#domain/analysis/steps.ts';
import { beginWork } from '#state/idle.ts';
import { inSlices } from './in-slices.ts';
import { type MinimapGrid, minimapInSteps } from './minimap.ts';
import type { ServiceSlots } from './service-slots.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Larger tables are painted in slices. */
const MOST_AT_ONCE = 20_000;

/** The map of the trace at a size, px; undefined until it is painted. The last one stays while a new size is. */
export function useMinimapGrid(
  model: WaterfallModel,
  slots: ServiceSlots,
  width: number,
  height: number,
): MinimapGrid | undefined {
  const [later, setLater] = useState<{ of: WaterfallModel; grid: MinimapGrid }>();
  const { table } = model;
  const small = table.length <= MOST_AT_ONCE;
  const steps = useMemo(
    () => () => minimapInSteps(table, model.whole.widthNs, width, height, slots.byResource, slots.none),
    [model, table, width, height, slots],
  );
  const now = useMemo(() => (small && width > 0 ? allSteps(steps()) : undefined), [small, width, steps]);
  useEffect(() => {
    if (small || width === 0) return;
    const controller = new AbortController();
    const done = beginWork();
    inSlices(steps(), controller.signal)
      .then(
        grid => setLater({ of: model, grid }),
        error => {
          if (!controller.signal.aborted) throw error;
        },
      )
      .finally(done);
    return () => {
      controller.abort();
      done();
    };
  }, [small, width, steps, model]);
  return now ?? (later?.of === model ? later.grid : undefined);
}
