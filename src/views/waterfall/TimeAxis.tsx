import { type PointerEvent, useRef } from 'react';
import { niceTicks, tickLabel } from '#domain/time/ticks.ts';
import { sizedContext } from '#views/shared/sized-context.ts';
import { useSize } from '#views/shared/use-size.ts';
import { type Camera, panBy, timeToX, xToTime } from './camera.ts';
import { TICK_ROOM } from './layout.ts';
import type { Palette } from './palette.ts';
import { useFrame } from './use-frame.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Half of the room that the pointer's time takes. */
const FLAG_ROOM = 46;

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
    const { camera, widthPx, crosshairPx } = model.store.get();
    const ticks = niceTicks(camera.startNs, camera.startNs + camera.widthNs, Math.floor(widthPx / TICK_ROOM));
    context.clearRect(0, 0, size.width, size.height);
    context.font = palette.font;
    context.textBaseline = 'alphabetic';
    const endNs = model.rootEndNs;
    const endX = endNs === undefined ? Number.POSITIVE_INFINITY : timeToX(camera, widthPx, endNs);
    for (const ns of ticks.atNs) {
      const x = Math.round(timeToX(camera, widthPx, ns));
      context.fillStyle = palette.glyph;
      context.fillRect(x, 0, 1, 5);
      const text = tickLabel(ns, ticks.stepNs);
      const right = x + 4 + context.measureText(text).width;
      const nearFlag = crosshairPx !== undefined && right > crosshairPx - FLAG_ROOM && x < crosshairPx + FLAG_ROOM;
      const nearEnd = right > endX - 4 && x < endX + 62;
      if (nearFlag || nearEnd || right > size.width) continue;
      context.fillStyle = palette.ink3;
      context.fillText(text, x + 4, 15);
    }
    if (endX >= 0 && endX <= size.width) {
      const x = Math.round(endX);
      context.fillStyle = palette.ink3;
      for (let y = 0; y < size.height; y += 4) context.fillRect(x, y, 1, 2);
      const hidden = crosshairPx !== undefined && Math.abs(crosshairPx - x - 28) < FLAG_ROOM + 28;
      context.fillStyle = palette.ink2;
      if (!hidden && x + 60 < size.width) context.fillText('root ends', x + 5, 15);
    }
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
