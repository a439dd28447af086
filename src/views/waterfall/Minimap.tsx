import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { prepared } from '#domain/analysis/prepared-trace.ts';
import { durationText } from '#domain/format/duration.ts';
import { beginWork } from '#state/idle.ts';
import { sizedContext } from '#views/shared/sized-context.ts';
import { useSize } from '#views/shared/use-size.ts';
import { INSET } from './camera.ts';
import { drawMinimap, windowOnMap } from './draw-minimap.ts';
import { traceFacts } from './facts.ts';
import { entryEndNs, entryStartNs } from './layout.ts';
import { type MinimapGrid, minimapGrid } from './minimap.ts';
import type { Palette } from './palette.ts';
import type { ServiceSlots } from './service-slots.ts';
import { useStore } from './store.ts';
import { useFrame } from './use-frame.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** How near to the window's edge a press takes hold of it, px. */
const GRIP = 6;

type Drag =
  | { readonly kind: 'new'; readonly fromNs: number }
  | { readonly kind: 'move'; readonly fromNs: number; readonly startNs: number; readonly widthNs: number }
  | { readonly kind: 'edge'; readonly fixedNs: number };

/** The whole trace, with the window that the timeline shows; drag to move, resize or draw it anew. */
export function Minimap({ model, palette, slots }: { model: WaterfallModel; palette: Palette; slots: ServiceSlots }) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const after = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLDivElement>(null);
  const painted = useRef<unknown[]>([]);
  const drag = useRef<Drag>(undefined);
  const size = useSize(host);
  const width = size?.width ?? 0;
  // The map has the same air on its right as the fitted timeline, so that both line up while all is shown.
  const mapNs = (): number => model.whole.widthNs;
  // The timeline tells its width only after the first rendering.
  const wholeNs = useStore(model.store, () => model.whole.widthNs);
  const [grid, setGrid] = useState<MinimapGrid>();
  useEffect(() => {
    if (width === 0) return;
    const done = beginWork();
    // In a task of its own: the first bars do not wait for the map.
    const timer = setTimeout(() => {
      setGrid(minimapGrid(prepared(model.table).overview, wholeNs, width, slots));
      done();
    });
    return () => {
      clearTimeout(timer);
      done();
    };
  }, [model, wholeNs, slots, width]);

  useFrame(model, () => {
    if (canvas.current === null || size === undefined || grid === undefined) return;
    const { camera, path, showPath, matches } = model.store.get();
    const line = showPath ? path : undefined;
    const inputs = [grid, palette, line, size, matches];
    if (inputs.some((each, i) => each !== painted.current[i])) {
      painted.current = inputs;
      const context = sizedContext(canvas.current, size.width, size.height);
      if (context !== null) {
        drawMinimap(context, {
          grid,
          rowCount: model.table.length,
          spanNs: mapNs(),
          palette,
          path: line,
          errorRows: traceFacts(model.table).errorRows,
          endNs: row => entryEndNs(model.shape, row),
          matchRows: matches?.rows,
          startNs: row => entryStartNs(model.shape, row),
          width: size.width,
          height: size.height,
        });
      }
    }
    const { x0, x1 } = windowOnMap(camera, mapNs(), size.width);
    place(frame.current, x0 - 2, x1 + 2);
    place(before.current, 0, x0 - 2);
    place(after.current, x1 + 2, size.width);
  });

  const timeAt = (event: PointerEvent<HTMLElement>): number => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return ((x - INSET) / (width - 2 * INSET)) * mapNs();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys zoom and pan too (w, s, a, d, 0)
    <div
      className="wf-minimap"
      ref={host}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = dragFrom(model, event, timeAt(event), width);
      }}
      onPointerMove={event => {
        if (drag.current !== undefined) follow(model, drag.current, timeAt(event));
      }}
      onPointerUp={event => {
        if (drag.current?.kind === 'new' && Math.abs(timeAt(event) - drag.current.fromNs) < mapNs() / width) {
          const { widthNs } = model.store.get().camera;
          model.lookAt({ startNs: drag.current.fromNs - widthNs / 2, widthNs });
        }
        drag.current = undefined;
      }}
      onDoubleClick={() => model.fit()}
    >
      <canvas ref={canvas} role="img" aria-label={`Overview of the whole trace, ${durationText(model.spanNs)}`} />
      <div className="wf-map-off" ref={before} />
      <div className="wf-map-off" ref={after} />
      <div className="wf-map-window" ref={frame} />
    </div>
  );
}

function dragFrom(model: WaterfallModel, event: PointerEvent<HTMLElement>, ns: number, width: number): Drag {
  const { camera } = model.store.get();
  const { x0, x1 } = windowOnMap(camera, model.whole.widthNs, width);
  const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
  if (Math.abs(x - x0) <= GRIP) return { kind: 'edge', fixedNs: camera.startNs + camera.widthNs };
  if (Math.abs(x - x1) <= GRIP) return { kind: 'edge', fixedNs: camera.startNs };
  const zoomed = camera.widthNs < model.whole.widthNs;
  if (zoomed && x > x0 && x < x1) return { kind: 'move', fromNs: ns, ...camera };
  return { kind: 'new', fromNs: ns };
}

function follow(model: WaterfallModel, drag: Drag, ns: number): void {
  switch (drag.kind) {
    case 'move':
      model.lookAt({ startNs: drag.startNs + ns - drag.fromNs, widthNs: drag.widthNs });
      return;
    case 'edge':
      model.lookAt({ startNs: Math.min(ns, drag.fixedNs), widthNs: Math.abs(ns - drag.fixedNs) });
      return;
    case 'new':
      if (ns !== drag.fromNs) {
        model.lookAt({ startNs: Math.min(ns, drag.fromNs), widthNs: Math.abs(ns - drag.fromNs) });
      }
  }
}

function place(element: HTMLElement | null, from: number, to: number): void {
  if (element === null) return;
  element.style.transform = `translateX(${from}px)`;
  element.style.width = `${Math.max(0, to - from)}px`;
}
