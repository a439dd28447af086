import type { KeyboardEvent } from 'react';
import { prefsStore } from '#state/prefs-store.ts';
import { ROW_HEIGHT } from './layout.ts';
import { operationName } from './names.ts';
import { firstRowOf } from './shape.ts';
import { NOTHING_TYPED, rowStartingWith, type TypeAhead, typed } from './type-ahead.ts';
import { type Select, STEP } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

let ahead: TypeAhead = NOTHING_TYPED;

/** The keys of a treegrid. Returns true when the key was one of them. */
export function treeKey(event: KeyboardEvent, model: WaterfallModel, select: Select): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  const { rows, focused, heightPx, selectedRow } = model.store.get();
  const index = model.indexOf(focused);
  const page = Math.max(1, Math.floor(heightPx / ROW_HEIGHT) - 1);
  const moveTo = (to: number): true => {
    const entry = rows.entry[Math.min(rows.count - 1, Math.max(0, to))];
    if (rows.count === 0) return true;
    model.focus(entry);
    // With the details open they follow the focus.
    if (selectedRow >= 0 && entry >= 0) select(entry, STEP);
    return true;
  };
  const next = typed(ahead, event.key, event.timeStamp, !prefsStore.getState().singleKeys);
  if (next !== undefined) {
    ahead = next;
    const { shape } = model;
    const nameAt = (at: number): string => operationName(shape, firstRowOf(shape, rows.entry[at]));
    const found = next.text === '' ? undefined : rowStartingWith(next.text, index, rows.count, nameAt);
    if (found !== undefined) moveTo(found);
    return true;
  }
  ahead = NOTHING_TYPED;
  if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
    model.setSiblingsClosed(focused, event.key === 'ArrowLeft');
    return true;
  }
  switch (event.key) {
    case 'ArrowDown':
      return moveTo(index + 1);
    case 'ArrowUp':
      return moveTo(index - 1);
    case 'PageDown':
      return moveTo(index + page);
    case 'PageUp':
      return moveTo(index - page);
    case 'Home':
      return moveTo(0);
    case 'End':
      return moveTo(rows.count - 1);
    case 'ArrowRight':
      if (!model.canToggle(focused)) return true;
      if (model.isClosed(focused)) model.setClosed(focused, false);
      else moveTo(index + 1);
      return true;
    case 'ArrowLeft': {
      if (model.canToggle(focused) && !model.isClosed(focused)) {
        model.setClosed(focused, true);
        return true;
      }
      const above = model.parentOf(focused);
      return above === undefined ? true : moveTo(model.indexOf(above));
    }
    case '*':
      model.setSiblingsClosed(focused, false);
      return true;
    case 'Enter':
    case ' ':
      if (focused >= 0) select(focused);
      else model.setClosed(focused, !model.isClosed(focused));
      return true;
    default:
      return false;
  }
}
