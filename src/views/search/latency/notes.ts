import type { LatencyHeatmap, RedSeries } from '#domain/api/latency-api.ts';
import { formatCount, NBSP } from '#domain/format/number.ts';

/** A label beside the chart, and the sentence behind it. */
export interface Note {
  readonly text: string;
  readonly detail: string;
  readonly isWarning: boolean;
}

/** What the reader must know of an answer: how much it covers, what is estimated, what has no place in it. */
export function notesOf(heatmap: LatencyHeatmap, red: RedSeries | undefined): readonly Note[] {
  const notes: Note[] = [];
  const note = (text: string, detail: string, isWarning = false) => notes.push({ text, detail, isWarning });
  const partial = heatmap.partial ?? red?.partial;
  if (partial !== undefined) note('partial', partial, true);
  if (heatmap.estimated) {
    note('estimated', `Weighted by how spans were sampled; ${formatCount(heatmap.observed)} were received`);
  }
  if (heatmap.rowsPerOctave === 1) note('log2 buckets', heatmap.covers);
  if (heatmap.rowsPerOctave !== 1 && heatmap.observed < heatmap.total && !heatmap.estimated) {
    note('sampled', heatmap.covers);
  }
  if (red?.quantiles === 'sampled') note('sampled quantiles', 'p50, p95 and p99 rank a part of so many');
  if (heatmap.withoutRoot > 0) {
    note(
      `${formatCount(heatmap.withoutRoot)} without root`,
      'Their root has not been received, so how long they took is not known. Spans shows their spans.',
      true,
    );
  }
  if (heatmap.below.count > 0) {
    note(`${formatCount(heatmap.below.count)} shorter`, 'Shorter than the first row: the shortest thousandth');
  }
  if (heatmap.withoutDuration.count > 0) {
    note(`${formatCount(heatmap.withoutDuration.count)} at 0${NBSP}ns`, 'Zero, or an end before the start');
  }
  return notes;
}
