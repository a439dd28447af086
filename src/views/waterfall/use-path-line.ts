import { useCallback, useEffect, useRef } from 'react';
import type { VisibleRows } from '#domain/analysis/visible-rows.ts';
import { beginWork } from '#state/idle.ts';
import type { Camera } from './camera.ts';
import { type PathLine, pathLine } from './path-steps.ts';
import { loadPath, loadResends } from './trace-work.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/**
 * The critical path as it lies on screen, worked out again only when rows or window have changed. The path itself comes
 * once per trace, after its first bars are on screen.
 */
export function usePathLine(model: WaterfallModel): (width: number) => PathLine | undefined {
  const line = useRef<{ path: unknown; rows: VisibleRows; camera: Camera; width: number; is: PathLine }>(undefined);
  useEffect(() => {
    if (model.store.get().path !== undefined) return;
    let wanted = true;
    const done = beginWork();
    Promise.all([
      loadPath(model.table).then(path => wanted && model.store.set({ path })),
      loadResends(model.table).then(
        attempt => wanted && attempt !== undefined && model.addRetries(attempt),
        () => undefined, // The details were released: the trace is being left.
      ),
    ]).finally(done);
    return () => {
      wanted = false;
      done();
    };
  }, [model]);
  return useCallback(
    width => {
      const { path, showPath, rows, camera } = model.store.get();
      if (path === undefined || !showPath) return undefined;
      const known = line.current;
      if (known?.path === path && known.rows === rows && known.camera === camera && known.width === width) {
        return known.is;
      }
      line.current = { path, rows, camera, width, is: pathLine(path, rows, camera, width) };
      return line.current.is;
    },
    [model],
  );
}
