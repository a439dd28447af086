import type { VersionMark } from '#domain/api/latency-api.ts';
import { visibleText } from '#domain/format/text.ts';
import { msOf } from '#views/search/box-text.ts';
import type { Plot } from './plot.ts';

/** A marker of a changed version; `label` is undefined where its neighbour leaves no room. */
export interface VersionLabel {
  readonly x: number;
  readonly text: string;
  readonly side: 'left' | 'right';
  readonly shown: boolean;
}

const LETTER_PX = 6;
const GAP_PX = 14;

/** Where changes of versions stand, oldest first. A label goes to the left of its mark if it fits there, else to the right. */
export function versionLabels(marks: readonly VersionMark[], plot: Plot): readonly VersionLabel[] {
  const labels: VersionLabel[] = [];
  const right = plot.left + plot.width;
  const placed = marks
    .map(mark => ({ mark, x: plot.x(msOf(BigInt(mark.atUnixNano))) }))
    .filter(({ x }) => x >= plot.left && x <= right);
  let free = 0;
  for (const [i, { mark, x }] of placed.entries()) {
    const text = textOf(mark);
    const width = text.length * LETTER_PX + GAP_PX;
    const next = placed[i + 1]?.x ?? right + 60;
    const fitsLeft = x - width >= free;
    const fitsRight = x + width <= next;
    labels.push({ x, text, side: fitsLeft ? 'left' : 'right', shown: fitsLeft || fitsRight });
    free = !fitsLeft && fitsRight ? x + width : x;
  }
  return labels;
}

function textOf({ kind, service, version }: VersionMark): string {
  const name = visibleText(service);
  const to = visibleText(version);
  return kind === 'deployment' ? `${name} ${to} deployed` : `${name} rolled back to ${to}`;
}
