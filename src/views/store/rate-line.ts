/** The points of a line over `values`, oldest on the left; 0 is the lower edge, the largest the upper. For SVG. */
export function ratePoints(values: readonly number[], width: number, height: number): string {
  let top = 0;
  for (const value of values) top = Math.max(top, value);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, i) => `${round(i * step)},${round(height - (top === 0 ? 0 : (value / top) * height))}`)
    .join(' ');
}

/** The steps since `sinceMs` ago: what was before the start of the server is not known to be nothing. Two at least. */
export function stepsSince(spans: readonly number[], stepMs: number, sinceMs: number): readonly number[] {
  return spans.slice(-Math.max(2, Math.ceil(sinceMs / stepMs)));
}

/** Spans a second over the last steps, at most `seconds` long. */
export function rateNow(spans: readonly number[], stepMs: number, seconds: number): number {
  const steps = Math.min(spans.length, Math.max(1, Math.round((seconds * 1000) / stepMs)));
  const sum = spans.slice(spans.length - steps).reduce((total, value) => total + value, 0);
  return steps === 0 ? 0 : (sum * 1000) / (steps * stepMs);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
