import { useCallback, useEffect, useRef } from 'react';
import { criticalPath } from '#domain/analysis/critical-path.ts';
import { beginWork } from '#state/idle.ts';
import type { Camera } from './camera.ts';
import { type PathLine, type PathSteps, pathLine, pathSteps } from './path-steps.ts';
import type { VisibleRows } from './rows.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/**
 * The critical path as it lies on screen, worked out again only when rows or window have changed. The path itself is
 * computed once per trace, after its first bars are on screen.
 */
export function usePathLine(model: WaterfallModel): (width: number) => PathLine | undefined {
  const steps = useRef<{ path: unknown; rows: VisibleRows; is: PathSteps }>(undefined);
  const line = useRef<{ steps: PathSteps; camera: Camera; width: number; is: PathLine }>(undefined);
  useEffect(() => {
    if (model.store.get().path !== undefined) return;
    const done = beginWork();
    const timer = setTimeout(() => {
      model.store.set({ path: criticalPath(model.table) });
      done();
    });
    return () => {
      clearTimeout(timer);
      done();
    };
  }, [model]);
  return useCallback(
    width => {
      const { path, showPath, rows, camera } = model.store.get();
      if (path === undefined || !showPath) return undefined;
      if (steps.current?.path !== path || steps.current.rows !== rows) {
        steps.current = { path, rows, is: pathSteps(path, rows) };
      }
      const current = line.current;
      if (current?.steps !== steps.current.is || current.camera !== camera || current.width !== width) {
        line.current = { steps: steps.current.is, camera, width, is: pathLine(steps.current.is, camera, width) };
      }
      return line.current?.is;
    },
    [model],
  );
}
