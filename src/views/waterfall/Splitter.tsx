import { useRef } from 'react';
import { choose, prefsStore } from '#state/prefs-store.ts';
import { usePrefs } from '#state/use-store.ts';

export const DEFAULT_TREE_WIDTH = 404;
const NARROWEST = 160;
const WIDEST = 1200;
const STEP = 16;

/** The edge between tree and timeline: dragged, moved by arrow keys, put back by a double click. */
export function Splitter() {
  const width = usePrefs(prefs => prefs.widths['waterfall.tree']) ?? DEFAULT_TREE_WIDTH;
  const grip = useRef<{ x: number; width: number } | undefined>(undefined);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is no hr
    <div
      className="wf-splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the name column"
      aria-valuenow={Math.round(width)}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { x: event.clientX, width: event.currentTarget.offsetLeft + 4 };
      }}
      onPointerMove={event => {
        if (grip.current !== undefined) preview(grip.current.width + event.clientX - grip.current.x);
      }}
      onPointerUp={event => {
        if (grip.current !== undefined) keep(grip.current.width + event.clientX - grip.current.x);
        grip.current = undefined;
      }}
      onDoubleClick={() => keep(DEFAULT_TREE_WIDTH)}
      onKeyDown={event => {
        const by = event.key === 'ArrowLeft' ? -STEP : event.key === 'ArrowRight' ? STEP : 0;
        if (by !== 0) keep(width + by);
        else if (event.key === 'Home') keep(NARROWEST);
        else if (event.key === 'End') keep(WIDEST);
        else return;
        event.preventDefault();
      }}
    />
  );
}

/** Shown while dragging, saved only when the reader lets go. */
function preview(width: number): void {
  prefsStore.setState({ widths: withTree(width) });
}

function keep(width: number): void {
  choose({ widths: withTree(width) });
}

function withTree(width: number): Record<string, number> {
  const kept = Math.min(WIDEST, Math.max(NARROWEST, Math.round(width)));
  return { ...prefsStore.getState().widths, 'waterfall.tree': kept };
}
