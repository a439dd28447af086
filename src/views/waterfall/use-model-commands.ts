import { useAction } from '#state/commands/actions.ts';
import { panBy, zoomAt } from './camera.ts';
import { traceFacts } from './facts.ts';
import { rowsOfMask } from './row-list.ts';
import { useGlide } from './use-glide.ts';
import { type Select, STEP } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Offers the actions that only concern the picture. `select` opens a row's details. */
export function useModelCommands(model: WaterfallModel, select: Select): void {
  const jump = (walk: string, rows: Int32Array | undefined, backwards: boolean): void => {
    const row = rows && model.nextFrom(rows, backwards);
    if (row === undefined) return;
    model.goTo(row);
    if (model.store.get().selectedRow >= 0) select(row, walk);
  };
  const step = (by: number): void => {
    const { rows, focused } = model.store.get();
    const index = Math.min(rows.count - 1, Math.max(0, model.indexOf(focused) + by));
    const entry = rows.entry[index];
    model.focus(entry);
    model.arrive();
    if (entry >= 0 && model.store.get().selectedRow >= 0) select(entry, STEP);
  };
  const glide = useGlide(model);
  const errors = traceFacts(model.table).errorRows;
  useAction('waterfall.next-row', () => step(1));
  useAction('waterfall.previous-row', () => step(-1));
  useAction('waterfall.expand-all', () => model.openToLevel(Number.POSITIVE_INFINITY));
  useAction('waterfall.collapse-all', () => model.openToLevel(1));
  useAction('waterfall.next-error', () => jump('errors', errors, false), errors.length > 0);
  useAction('waterfall.previous-error', () => jump('errors', errors, true), errors.length > 0);
  useAction('waterfall.next-match', () => jump('matches', model.store.get().matches?.rows, false));
  useAction('waterfall.previous-match', () => jump('matches', model.store.get().matches?.rows, true));
  useAction('waterfall.along-path', () => jump('path', pathRows(model), false));
  useAction('waterfall.back-along-path', () => jump('path', pathRows(model), true));
  useAction('waterfall.toggle-path', () => model.store.set({ showPath: !model.store.get().showPath }));
  useAction('waterfall.toggle-groups', () => model.setGrouping(!model.store.get().grouping), model.repeats.count > 0);
  const zoom = (factor: number): void => {
    const { widthPx } = model.store.get();
    glide.to(zoomAt(glide.aim(), factor, widthPx / 2, widthPx, model.whole));
  };
  const pan = (share: number): void => {
    const camera = glide.aim();
    glide.to(panBy(camera, camera.widthNs * share, model.whole));
  };
  useAction('waterfall.zoom-in', () => zoom(1 / 1.6));
  useAction('waterfall.zoom-out', () => zoom(1.6));
  useAction('waterfall.fit', () => glide.to(model.whole));
  useAction('waterfall.zoom-to-selection', () => {
    glide.to(model.selectionWindow);
    model.store.set({ brush: undefined });
  });
  useAction('waterfall.pan-left', () => pan(-0.2));
  useAction('waterfall.pan-right', () => pan(0.2));
}

/** Distinct rows of the critical path, ascending. */
function pathRows(model: WaterfallModel): Int32Array | undefined {
  const { path } = model.store.get();
  if (path === undefined) return undefined;
  const mask = new Uint8Array(model.table.length);
  for (const row of path.row) mask[row] = 1;
  return rowsOfMask(mask);
}
