import { spanIdOf } from '#domain/ids.ts';
import { ordinalOfSpan, rowOfSpan } from '#domain/trace/span-lookup.ts';
import { closedOf, foldsOf } from './folds.ts';
import { ROW_HEIGHT } from './layout.ts';
import { firstRowOf } from './shape.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/**
 * Takes over what the reader did to an earlier load of the same trace: closed rows, focus, scroll and window, by span id
 * and absolute time, because new spans move rows and may move the base.
 */
export function carryOver(from: WaterfallModel, to: WaterfallModel): void {
  const before = from.store.get();
  const folds = foldsOf(from.foldShape, before.closed, before.foldBase, Number.POSITIVE_INFINITY);
  to.resize(before.widthPx, before.heightPx);
  const { showPath, onlyMatches, grouping } = before;
  to.store.set({ showPath, onlyMatches, grouping });
  to.showClosed(closedOf(to.foldShape, folds), folds.base);
  const shiftNs = Number(from.table.baseUnixNano - to.table.baseUnixNano);
  if (!from.isFitted) to.lookAt({ startNs: before.camera.startNs + shiftNs, widthNs: before.camera.widthNs });
  const focused = before.focused < 0 ? -1 : sameSpan(from, to, before.focused);
  const selected = before.selectedRow < 0 ? -1 : sameSpan(from, to, before.selectedRow);
  to.store.set({ selectedRow: selected });
  if (focused >= 0) to.store.set({ focused });
  // What the reader looks at stays where it is: the focused row if it is on screen, else the first row that is.
  const place = from.indexOf(before.focused) * ROW_HEIGHT;
  const isSeen = focused >= 0 && place >= before.topPx - ROW_HEIGHT && place < before.topPx + before.heightPx;
  const first = Math.min(before.rows.count - 1, Math.ceil(before.topPx / ROW_HEIGHT));
  const anchor = isSeen ? before.focused : first < 0 ? -1 : firstRowOf(from.shape, before.rows.entry[first]);
  const [indexBefore, index] = anchor < 0 ? [-1, -1] : [from.indexOf(anchor), to.indexOf(sameSpan(from, to, anchor))];
  const moved = indexBefore < 0 || index < 0 ? 0 : index - indexBefore;
  to.scrollTo(before.topPx + moved * ROW_HEIGHT);
}

/** The row of the same span in a later load. */
function sameSpan(from: WaterfallModel, to: WaterfallModel, row: number): number {
  return rowOfSpan(to.table, spanIdOf(from.table.spanId[row]), ordinalOfSpan(from.table, row));
}
