import type { SpanRanges } from '#domain/trace/wire-reader.ts';

const MOST_SPANS = 2_000;
const MOST_BYTES = 1_000_000;

/** Spans cut into runs [from, to) of so many spans or bytes, at least one span each. */
export function* spanRuns(spans: Pick<SpanRanges, 'from' | 'to'>): Generator<readonly [number, number], void> {
  let first = 0;
  let bytes = 0;
  for (let span = 0; span < spans.from.length; span++) {
    bytes += spans.to[span] - spans.from[span];
    if (bytes < MOST_BYTES && span + 1 - first < MOST_SPANS) continue;
    yield [first, span + 1];
    first = span + 1;
    bytes = 0;
  }
  if (first < spans.from.length) yield [first, spans.from.length];
}
