import { type PointerEvent, useRef } from 'react';
import { formatPointerTime } from '#domain/time/clock.ts';
import { tickLabel } from '#domain/time/ticks.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import { useZone } from '#state/use-store.ts';
import { sizedContext } from '#views/shared/sized-context.ts';
import { useSize } from '#views/shared/use-size.ts';
import { type Camera, panBy, xToTime } from './camera.ts';
import { type AxisScene, drawAxis } from './draw-axis.ts';
import type { Palette } from './palette.ts';
import { useFrame } from './use-frame.ts';
import { useWheel } from './use-wheel.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Narrower axes have no room for the time by the clock. */
const CLOCK_FROM = 360;

/** The ruler over the bars; dragging it pans. */
export function TimeAxis({ model, palette }: { model: WaterfallModel; palette: Palette }) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const flag = useRef<HTMLSpanElement>(null);
  const drawn = useRef<readonly unknown[]>([]);
  const drag = useRef<{ x: number; camera: Camera }>(undefined);
  const size = useSize(host);
  const zone = useZone();
  useWheel(model, host);

  useFrame(model, () => {
    if (canvas.current === null || size === undefined) return;
    const { camera, crosshairPx, widthPx } = model.store.get();
    // Scrolling changes none of it; to measure the flag would cost a layout each time.
    const now = [canvas.current, camera, crosshairPx, widthPx, size, zone, palette, model];
    if (now.every((each, i) => each === drawn.current[i])) return;
    drawn.current = now;
    const context = sizedContext(canvas.current, size.width, size.height);
    if (context === null) return;
    context.clearRect(0, 0, size.width, size.height);
    const { width, height } = size;
    const taken = placeFlag(flag.current, model, zone, crosshairPx);
    drawAxis(context, { camera, width, height, palette, rootEndNs: model.rootEndNs, taken });
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
      <span className="wf-flag" ref={flag}>
        <b />
        <span />
      </span>
    </div>
  );
}

/** Writes when the pointer is, after the first span and by the clock. Returns where that stands, px. */
function placeFlag(
  flag: HTMLSpanElement | null,
  { store, table }: WaterfallModel,
  zone: TimeZoneChoice,
  crosshairPx: number | undefined,
): AxisScene['taken'] {
  if (flag === null) return undefined;
  flag.style.display = crosshairPx === undefined ? 'none' : '';
  if (crosshairPx === undefined) return undefined;
  const { camera, widthPx } = store.get();
  const ns = Math.round(xToTime(camera, widthPx, crosshairPx));
  // As many digits as a pixel is worth.
  const step = 10 ** Math.max(0, Math.floor(Math.log10(camera.widthNs / widthPx)) + 1);
  const [offset, clock] = flag.children;
  offset.textContent = tickLabel(ns, step);
  const unixNano = table.baseUnixNano + BigInt(ns);
  clock.textContent = widthPx < CLOCK_FROM ? '' : formatPointerTime(unixNano, zone, step, table.baseUnixNano);
  const half = flag.offsetWidth / 2;
  const x = Math.max(half, Math.min(widthPx - half, crosshairPx));
  flag.style.transform = `translateX(${x - half}px)`;
  return { x0: x - half, x1: x + half };
}
