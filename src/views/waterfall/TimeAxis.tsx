import { type PointerEvent, useRef } from 'react';
import { tickLabel } from '#domain/time/ticks.ts';
import { sizedContext } from '#views/shared/sized-context.ts';
import { useSize } from '#views/shared/use-size.ts';
import { type Camera, panBy, xToTime } from './camera.ts';
import { drawAxis } from './draw-axis.ts';
import type { Palette } from './palette.ts';
import { useFrame } from './use-frame.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** The ruler over the bars; dragging it pans. */
export function TimeAxis({ model, palette }: { model: WaterfallModel; palette: Palette }) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const flag = useRef<HTMLSpanElement>(null);
  const drag = useRef<{ x: number; camera: Camera }>(undefined);
  const size = useSize(host);

  useFrame(model, () => {
    if (canvas.current === null || size === undefined) return;
    const context = sizedContext(canvas.current, size.width, size.height);
    if (context === null) return;
    const { camera, crosshairPx } = model.store.get();
    context.clearRect(0, 0, size.width, size.height);
    const { width, height } = size;
    drawAxis(context, { camera, width, height, palette, rootEndNs: model.rootEndNs, crosshairPx });
    placeFlag(flag.current, model, crosshairPx);
  });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys pan and zoom too (a, d, w, s)
    <div
      className="wf-axis"
      ref={host}
      onPointerDown={(event: PointerEvent<HTMLElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, camera: model.store.get().camera };
      }}
      onPointerMove={event => {
        const box = event.currentTarget.getBoundingClientRect();
        model.store.set({ crosshairPx: event.clientX - box.left });
        if (drag.current === undefined) return;
        const share = (drag.current.x - event.clientX) / model.store.get().widthPx;
        model.lookAt(panBy(drag.current.camera, share * drag.current.camera.widthNs, model.whole));
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
      onPointerLeave={() => model.store.set({ crosshairPx: undefined })}
      onDoubleClick={() => model.fit()}
    >
      <canvas ref={canvas} role="img" aria-label="Time axis" />
      <span className="wf-flag" ref={flag} />
    </div>
  );
}

function placeFlag(flag: HTMLSpanElement | null, model: WaterfallModel, crosshairPx: number | undefined): void {
  if (flag === null) return;
  flag.style.display = crosshairPx === undefined ? 'none' : '';
  if (crosshairPx === undefined) return;
  const { camera, widthPx } = model.store.get();
  const ns = Math.round(xToTime(camera, widthPx, crosshairPx));
  // As many digits as a pixel is worth.
  const step = 10 ** Math.max(0, Math.floor(Math.log10(camera.widthNs / widthPx)) + 1);
  flag.textContent = tickLabel(ns, step);
  const half = flag.offsetWidth / 2;
  const x = Math.max(half, Math.min(widthPx - half, crosshairPx));
  flag.style.transform = `translateX(${x - half}px)`;
}
