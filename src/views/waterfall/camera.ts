/**
 * The stretch of trace time on screen. Time is ns after the table's base; x is CSS px from the timeline's left edge,
 * with INSET px of air at both ends.
 */
export interface Camera {
  readonly startNs: number;
  readonly widthNs: number;
}

export const INSET = 4;
/** Room kept right of the last span for its label when the whole trace is shown, px. */
const LABEL_ROOM = 60;
/** Closest zoom, ns. */
const MIN_WIDTH_NS = 10;
/** Of a long trace the closest zoom is this share: doubles still tell places apart there by about a pixel. */
const MIN_SHARE = 2 ** -43;

export function timeToX(camera: Camera, widthPx: number, ns: number): number {
  return ((ns - camera.startNs) / camera.widthNs) * (widthPx - 2 * INSET) + INSET;
}

export function xToTime(camera: Camera, widthPx: number, x: number): number {
  return camera.startNs + ((x - INSET) / (widthPx - 2 * INSET)) * camera.widthNs;
}

/** The camera that shows the whole trace with room for the longest bar's label. */
export function fitAll(durationNs: number, widthPx: number): Camera {
  const inner = Math.max(1, widthPx - 2 * INSET);
  const share = Math.max(0.5, (inner - LABEL_ROOM) / inner);
  return { startNs: 0, widthNs: Math.max(MIN_WIDTH_NS, durationNs / share) };
}

/** Shows [fromNs, toNs] with an eighth of its length on both sides. */
export function fitRange(fromNs: number, toNs: number, whole: Camera): Camera {
  const air = Math.max(closest(whole) / 4, (toNs - fromNs) / 8);
  return clampCamera({ startNs: fromNs - air, widthNs: toNs - fromNs + 2 * air }, whole);
}

/** Zooms so that the time under `x` stays under it; factor < 1 comes closer. */
export function zoomAt(camera: Camera, factor: number, x: number, widthPx: number, whole: Camera): Camera {
  const widthNs = Math.min(whole.widthNs, Math.max(closest(whole), camera.widthNs * factor));
  const share = (x - INSET) / (widthPx - 2 * INSET);
  return clampCamera({ startNs: camera.startNs + (camera.widthNs - widthNs) * share, widthNs }, whole);
}

/** Moves by `deltaNs`, stopping at the ends of the trace. */
export function panBy(camera: Camera, deltaNs: number, whole: Camera): Camera {
  return clampCamera({ startNs: camera.startNs + deltaNs, widthNs: camera.widthNs }, whole);
}

/** The nearest camera inside `whole`. */
export function clampCamera(camera: Camera, whole: Camera): Camera {
  const widthNs = Math.min(whole.widthNs, Math.max(closest(whole), camera.widthNs));
  const last = whole.startNs + whole.widthNs - widthNs;
  return { startNs: Math.min(last, Math.max(whole.startNs, camera.startNs)), widthNs };
}

/** On the way from one camera to another, fast at first: `share` 0 is the start, 1 (or more) exactly the end. */
export function cameraBetween(from: Camera, to: Camera, share: number): Camera {
  if (share >= 1) return to;
  const gone = 1 - (1 - Math.max(0, share)) ** 3;
  const between = (a: number, b: number): number => a + (b - a) * gone;
  const startNs = between(from.startNs, to.startNs);
  return { startNs, widthNs: between(from.startNs + from.widthNs, to.startNs + to.widthNs) - startNs };
}

function closest(whole: Camera): number {
  return Math.max(MIN_WIDTH_NS, whole.widthNs * MIN_SHARE);
}

export function sameCamera(a: Camera, b: Camera): boolean {
  return a.startNs === b.startNs && a.widthNs === b.widthNs;
}
