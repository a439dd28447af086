import { type PointerEvent, useRef, useState } from 'react';
import type { LatencyBox } from '#state/url/url-state.ts';
import { boxOfCells, boxRect, cellsOfBox, DRAG_FROM, draggedCells, type Point } from './box.ts';
import { type Grip, gripAt, stretched } from './grips.ts';
import type { CellBox, HeatGrid } from './heat-grid.ts';
import { type Zone, zoneAt } from './hit-test.ts';
import type { Plot } from './plot.ts';

/** What the pointer is over, and what it is drawing. */
export interface Pointing {
  readonly at: Point | undefined;
  readonly grip: Grip | undefined;
  readonly drawn: CellBox | undefined;
}

interface Press {
  readonly from: Point;
  readonly zone: Zone;
  /** The box that is being stretched by its edge. */
  readonly stretches: { readonly cells: CellBox; readonly grip: Grip } | undefined;
  moved: boolean;
}

const NOWHERE: Pointing = { at: undefined, grip: undefined, drawn: undefined };

/**
 * Drag to draw a box, drag an edge to stretch it, press to choose one cell. A drag over the strips or the time axis marks
 * time alone, one over the duration axis or the profile duration alone.
 */
export function usePlotPointer(
  grid: HeatGrid,
  plot: Plot,
  box: LatencyBox | undefined,
  onChoose: (cells: CellBox, isPress: boolean) => void,
) {
  const [pointing, setPointing] = useState(NOWHERE);
  const press = useRef<Press>(undefined);

  const gripOf = (point: Point): Grip | undefined => {
    const rect = box && boxRect(plot, box);
    return rect && gripAt(rect, point);
  };
  const cellsTo = (current: Press, to: Point): CellBox =>
    current.stretches
      ? stretched(plot, current.stretches.cells, current.stretches.grip, to)
      : draggedCells(plot, current.zone, current.from, to);

  return {
    pointing,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>): void => {
        if (event.button !== 0 || grid.rows === 0) return;
        const from = pointOf(event);
        const zone = zoneAt(plot, from.x, from.y);
        if (zone === undefined) return;
        const grip = gripOf(from);
        const cells = grip && box && cellsOfBox(grid, box);
        press.current = { from, zone, stretches: grip && cells && { cells, grip }, moved: false };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>): void => {
        const at = pointOf(event);
        const current = press.current;
        if (current && !current.moved && distance(at, current.from) >= DRAG_FROM) current.moved = true;
        const drawn = current?.moved ? cellsTo(current, at) : undefined;
        setPointing({ at, grip: current?.stretches?.grip ?? gripOf(at), drawn });
      },
      onPointerUp: (event: PointerEvent<HTMLElement>): void => {
        const current = press.current;
        press.current = undefined;
        if (!current) return;
        const to = pointOf(event);
        setPointing({ at: to, grip: undefined, drawn: undefined });
        if (current.stretches && !current.moved) return;
        onChoose(cellsTo(current, current.moved ? to : current.from), !current.moved);
      },
      onPointerCancel: (): void => {
        press.current = undefined;
        setPointing(NOWHERE);
      },
      onPointerLeave: (): void => {
        if (!press.current) setPointing(NOWHERE);
      },
    },
    /** Gives up the box that is being drawn; false if there is none. */
    cancel: (): boolean => {
      const isDrawing = press.current !== undefined;
      press.current = undefined;
      setPointing(previous => ({ ...previous, drawn: undefined }));
      return isDrawing;
    },
  };
}

/** The same box in cells of this grid: what a press on its edges would stretch. */
export function sameBox(a: LatencyBox, b: LatencyBox): boolean {
  return (
    a.fromUnixNano === b.fromUnixNano && a.toUnixNano === b.toUnixNano && a.minNs === b.minNs && a.maxNs === b.maxNs
  );
}

/** Whether the box has the edges of cells, so that its count is theirs. */
export function isOnCells(grid: HeatGrid, box: LatencyBox): boolean {
  const cells = cellsOfBox(grid, box);
  return cells !== undefined && sameBox(boxOfCells(grid, cells), box);
}

function pointOf(event: PointerEvent<HTMLElement>): Point {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

function distance(a: Point, b: Point): number {
  return Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));
}
