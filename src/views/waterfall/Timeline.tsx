import { type PointerEvent, useLayoutEffect, useRef } from 'react';
import { niceTicks } from '#domain/time/ticks.ts';
import { sizedContext } from '#views/shared/sized-context.ts';
import { useSize } from '#views/shared/use-size.ts';
import { draw } from './draw.ts';
import { hitTest } from './hit-test.ts';
import { emptyLayout, layoutBars, rowWindow, TICK_ROOM } from './layout.ts';
import type { Palette } from './palette.ts';
import type { ServiceSlots } from './service-slots.ts';
import { TimelineBrush } from './TimelineBrush.tsx';
import { useFrame } from './use-frame.ts';
import { usePathLine } from './use-path-line.ts';
import type { Select } from './use-selection.ts';
import { useTimelinePointer } from './use-timeline-pointer.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** The bars, on one canvas the size of the viewport. The same facts are in the rows of the tree. */
export function Timeline({
  model,
  palette,
  slots,
  onSelect,
}: {
  model: WaterfallModel;
  palette: Palette;
  slots: ServiceSlots;
  onSelect: Select;
}) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const bars = useRef(emptyLayout());
  const size = useSize(host);
  const pathLineOf = usePathLine(model);
  const pointer = useTimelinePointer(model, host);

  useLayoutEffect(() => {
    if (size !== undefined) model.resize(size.width, size.height);
  }, [model, size]);

  useFrame(model, () => {
    if (canvas.current === null || size === undefined || size.width === 0) return;
    const state = model.store.get();
    const context = sizedContext(canvas.current, size.width, size.height);
    if (context === null) return;
    const window = rowWindow(state.topPx, size.height, state.rows.count);
    layoutBars(model.shape, state.rows, window, state.camera, size.width, bars.current);
    const { startNs, widthNs } = state.camera;
    draw(context, {
      shape: model.shape,
      rows: state.rows,
      bars: bars.current,
      camera: state.camera,
      width: size.width,
      height: size.height,
      top: state.topPx,
      palette,
      slots: slots.byResource,
      noService: slots.none,
      work: model.work,
      closed: state.closed,
      overflow: model.overflow,
      tickNs: niceTicks(startNs, startNs + widthNs, Math.floor(size.width / TICK_ROOM)).atNs,
      rootEndNs: model.rootEndNs,
      hovered: state.hovered,
      selected: state.selectedRow < 0 ? -1 : model.indexOf(state.selectedRow),
      path: pathLineOf(size.width),
    });
    if (crosshair.current !== null) {
      crosshair.current.style.display = state.crosshairPx === undefined ? 'none' : '';
      crosshair.current.style.transform = `translateX(${state.crosshairPx ?? 0}px)`;
    }
    markFirstBars(model);
  });

  const hitAt = (event: PointerEvent | React.MouseEvent): ReturnType<typeof hitTest> => {
    const box = event.currentTarget.getBoundingClientRect();
    return hitTest(bars.current, event.clientX - box.left, event.clientY - box.top);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's side of the treegrid; keys act on its rows
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys act on the rows of the tree
    <div
      className="wf-timeline"
      ref={host}
      {...pointer.handlers}
      onPointerMove={event => {
        const box = event.currentTarget.getBoundingClientRect();
        const x = event.clientX - box.left;
        model.store.set({ hovered: hitAt(event)?.index ?? -1, crosshairPx: x });
        pointer.handlers.onPointerMove(event);
      }}
      onPointerLeave={() => model.store.set({ hovered: -1, crosshairPx: undefined })}
      onClick={event => {
        if (pointer.wasDragged()) return;
        const hit = hitAt(event);
        if (hit === undefined) return;
        const entry = model.store.get().rows.entry[hit.index];
        model.store.set({ focused: entry, brush: undefined });
        if (entry >= 0) onSelect(entry);
      }}
      onDoubleClick={event => {
        const hit = hitAt(event);
        if (hit !== undefined) model.lookAt(model.windowOf(model.store.get().rows.entry[hit.index]));
      }}
    >
      <canvas ref={canvas} role="img" aria-label="Timeline of the spans; the rows of the tree say the same in words" />
      <TimelineBrush model={model} />
      <div className="wf-crosshair" ref={crosshair} />
    </div>
  );
}

const marked = new WeakSet<WaterfallModel>();

/** Once per opened trace, when the frame with its first bars has been handed to the browser. */
function markFirstBars(model: WaterfallModel): void {
  if (marked.has(model)) return;
  marked.add(model);
  performance.mark('throughline:first-bars', { detail: { spans: model.table.length } });
}
