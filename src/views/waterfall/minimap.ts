import { EMPTY_CELL, NO_RESOURCE, type Overview } from '#domain/analysis/overview.ts';
import { INSET } from './camera.ts';
import type { ServiceSlots } from './service-slots.ts';

/** Slot of a cell that no span covers. */
export const EMPTY = 255;

/** The overview of a trace at the size that it is shown: pixels from top to bottom and from left to right. */
export interface MinimapGrid {
  readonly width: number;
  readonly height: number;
  /** Colour slot, or EMPTY: `cell[y * width + x]`. */
  readonly cell: Uint8Array;
}

/** `spanNs` is the time that the width between the insets stands for. Costs the cells of the overview. */
export function minimapGrid(overview: Overview, spanNs: number, width: number, slots: ServiceSlots): MinimapGrid {
  const { columns, lines, extentNs } = overview;
  const cell = new Uint8Array(width * lines).fill(EMPTY);
  const pxPerColumn = (extentNs / columns) * ((width - 2 * INSET) / Math.max(1, spanNs));
  for (let column = 0; column < columns; column++) {
    const from = Math.max(0, Math.floor(INSET + column * pxPerColumn));
    const to = Math.min(width, Math.max(from + 1, Math.floor(INSET + (column + 1) * pxPerColumn)));
    for (let y = 0; y < lines; y++) {
      const resource = overview.cell[y * columns + column];
      if (resource === EMPTY_CELL) continue;
      const slot = resource === NO_RESOURCE ? slots.none : slots.byResource[resource];
      for (let x = from; x < to; x++) cell[y * width + x] = slot;
    }
  }
  return { width, height: lines, cell };
}
