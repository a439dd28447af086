import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { INDENT, shiftOf } from './indent.ts';
import { ROW_HEIGHT } from './layout.ts';
import type { ServiceSlots } from './service-slots.ts';
import { useStore } from './store.ts';
import { TreeRow } from './TreeRow.tsx';
import { treeKey } from './tree-keys.ts';
import { useFrame } from './use-frame.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Rows are rendered in steps of BLOCK, with OVERSCAN more above and below, so that most frames render none. */
const BLOCK = 8;
const OVERSCAN = 6;
/** Rows are placed relative to a base that moves rarely: scrolling moves one layer, and only new rows are rendered. */
const BASE_STEP = 4096;

/** The names: a treegrid whose rows are in the document only while they are near the viewport, or have the focus. */
export function TreePane({ model, slots, onSelect }: { model: WaterfallModel; slots: ServiceSlots; onSelect: Select }) {
  const { store } = model;
  const rows = useStore(store, state => state.rows);
  const shape = useStore(store, state => state.shape);
  const closed = useStore(store, state => state.closed);
  const retry = useStore(store, state => state.retry);
  const block = useStore(store, state => Math.floor(state.topPx / (ROW_HEIGHT * BLOCK)));
  const onScreen = useStore(store, state => Math.ceil(state.heightPx / ROW_HEIGHT));
  const focused = useStore(store, state => state.focused);
  const arrivals = useStore(store, state => state.arrivals);
  const selectedRow = useStore(store, state => state.selectedRow);
  const matches = useStore(store, state => state.matches);
  const first = Math.max(0, Math.min(block * BLOCK, rows.count) - OVERSCAN);
  const end = Math.min(rows.count, block * BLOCK + onScreen + BLOCK + OVERSCAN);
  const base = Math.floor(first / BASE_STEP) * BASE_STEP;

  const tree = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const band = useRef<HTMLDivElement>(null);
  useFrame(model, () => {
    const { topPx, hovered } = store.get();
    if (layer.current !== null) layer.current.style.transform = `translateY(${base * ROW_HEIGHT - topPx}px)`;
    if (band.current === null) return;
    band.current.style.display = hovered < 0 ? 'none' : '';
    band.current.style.transform = `translateY(${(hovered - base) * ROW_HEIGHT}px)`;
  });

  const shift = shiftOf(shape, rows, Math.max(0, block * BLOCK), end);

  useKeepFocus(tree, focused, arrivals);

  const indexes: number[] = [];
  const focusedIndex = model.indexOf(focused);
  if (focusedIndex >= 0 && focusedIndex < first) indexes.push(focusedIndex);
  for (let index = first; index < end; index++) indexes.push(index);
  if (focusedIndex >= end) indexes.push(focusedIndex);

  return (
    <div
      ref={tree}
      className="wf-tree"
      role="treegrid"
      aria-label="Spans"
      aria-rowcount={rows.count}
      aria-multiselectable={false}
      onKeyDown={event => {
        if (treeKey(event, model, onSelect)) event.preventDefault();
      }}
      onPointerMove={event => {
        const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
        const index = Math.floor((store.get().topPx + y) / ROW_HEIGHT);
        store.set({ hovered: index < rows.count ? index : -1, crosshairPx: undefined });
      }}
      onPointerLeave={() => store.set({ hovered: -1 })}
    >
      <div
        className="wf-layer"
        ref={layer}
        role="presentation"
        style={{ '--shift': `${shift * INDENT}px` } as CSSProperties}
      >
        <div className="wf-band" ref={band} role="presentation" />
        {indexes.map(index => {
          const entry = rows.entry[index];
          return (
            <TreeRow
              key={entry}
              model={model}
              shape={shape}
              slots={slots}
              entry={entry}
              index={index}
              y={(index - base) * ROW_HEIGHT}
              isClosed={entry < 0 ? closed.folds[~entry] === 1 : closed.rows[entry] === 1}
              isFocused={entry === focused}
              isSelected={entry >= 0 && entry === selectedRow}
              isMatch={entry >= 0 && matches?.mask[entry] === 1}
              attempt={entry < 0 ? 0 : retry[entry]}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}

/**
 * Keeps the keyboard focus on the focused row while it is in the tree: also when the row it was on has been closed away
 * and its element is gone. A move of `arrivals` brings it there.
 */
function useKeepFocus(tree: React.RefObject<HTMLDivElement | null>, focused: number, arrivals: number): void {
  const inside = useRef(false);
  useLayoutEffect(() => {
    const element = tree.current;
    if (element === null) return;
    const onFocus = (): void => {
      inside.current = true;
    };
    const onBlur = (event: FocusEvent): void => {
      const left = event.target as Element;
      // A row that is taken out of the document loses the focus to nothing; that is not the reader leaving.
      queueMicrotask(() => {
        if (left.isConnected && !element.contains(document.activeElement)) inside.current = false;
      });
    };
    element.addEventListener('focusin', onFocus);
    element.addEventListener('focusout', onBlur);
    return () => {
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('focusout', onBlur);
    };
  }, [tree]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another row takes the focus
  useLayoutEffect(() => {
    const row = tree.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]');
    if (inside.current && row !== null && row !== document.activeElement) row?.focus({ preventScroll: true });
  }, [tree, focused]);
  const arrived = useRef(arrivals);
  useLayoutEffect(() => {
    if (arrived.current === arrivals) return;
    arrived.current = arrivals;
    // Who types goes on typing: Enter in the find field leads through the matches.
    if (document.activeElement instanceof HTMLInputElement) return;
    tree.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus({ preventScroll: true });
  }, [tree, arrivals]);
}
