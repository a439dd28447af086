import { formatCount } from '#domain/format/number.ts';
import { ROW_HEIGHT } from '#views/waterfall/layout.ts';

/** More rows make a picture that neither browsers nor readers can open. */
export const MOST_ROWS = 250;

/** Which of the visible rows are in a picture. */
export interface PictureRows {
  readonly first: number;
  readonly count: number;
  /** What is left out, as a sentence; undefined if all are there. */
  readonly note: string | undefined;
}

/** All visible rows, or, where they are too many, those from the first on screen on. */
export function pictureRows(rowCount: number, topPx: number, most = MOST_ROWS): PictureRows {
  if (rowCount <= most) return { first: 0, count: rowCount, note: undefined };
  const first = Math.max(0, Math.min(Math.floor(topPx / ROW_HEIGHT), rowCount - most));
  const range = `${formatCount(first + 1)} to ${formatCount(first + most)}`;
  return {
    first,
    count: most,
    note: `Rows ${range} of ${formatCount(rowCount)}; ${formatCount(rowCount - most)} are not in this picture`,
  };
}
