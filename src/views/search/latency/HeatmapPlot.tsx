import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import type { LatencyUnit, RedSeries } from '#domain/api/latency-api.ts';
import { useAction } from '#state/commands/actions.ts';
import { announce } from '#state/session-store.ts';
import type { LatencyBox } from '#state/url/url-state.ts';
import { type Clock, durationsText, timesText } from '#views/search/box-text.ts';
import { durationTicks } from '#views/shared/duration-ticks.ts';
import { timeTicks } from '#views/shared/time-ticks.ts';
import { BoxFrame } from './BoxFrame.tsx';
import { boxOfCells, boxRect, cellsOfBox } from './box.ts';
import { type CellCursor, cursorBox, firstCursor, heldCursor, moveCursor } from './cell-cursor.ts';
import { gripCursor } from './grips.ts';
import { HeatmapCanvas } from './HeatmapCanvas.tsx';
import { type CellBox, type HeatGrid, sumOf } from './heat-grid.ts';
import { cellAt, cellRect, cellsRect, zoneAt } from './hit-test.ts';
import { cellsText, countOf, plotSentence, unitText } from './latency-text.ts';
import { PlotLabels, StripValues } from './PlotLabels.tsx';
import type { LatencyPalette } from './palette.ts';
import { type PlotShape, plotOf } from './plot.ts';
import { redLines } from './red-lines.ts';
import { isOnCells, usePlotPointer } from './use-plot-pointer.ts';
import { versionLabels } from './version-labels.ts';

const TIME_LABEL_PX = 84;
const DURATION_LABEL_PX = 24;

/**
 * RED strips and heatmap on one time axis. With the focus on it arrow keys move over cells, Shift grows a box, Enter marks
 * it, Escape gives it up; each cell is read out.
 */
export function HeatmapPlot({
  grid,
  red,
  of,
  estimated,
  width,
  palette,
  clock,
  box,
  onBox,
  legend,
  shape,
}: {
  grid: HeatGrid;
  red: RedSeries | undefined;
  of: LatencyUnit;
  estimated: boolean;
  width: number;
  palette: LatencyPalette;
  clock: Clock;
  box: LatencyBox | undefined;
  onBox: (box: LatencyBox | undefined) => void;
  /** Stands where what is pointed at is written, while nothing is. */
  legend: ReactNode;
  /** Undefined as on the explore page. */
  shape?: PlotShape;
}) {
  const host = useRef<HTMLDivElement>(null);
  const helpId = useId();
  const plot = useMemo(() => plotOf(grid, width, shape), [grid, width, shape]);
  const scene = useMemo(() => {
    const [from, to] = plot.x.domain() as [number, number];
    const [low, high] = plot.y.domain() as [number, number];
    const times = timeTicks(from, to, clock.zone, Math.floor(plot.width / TIME_LABEL_PX));
    const durations = grid.rows === 0 ? [] : durationTicks(low, high, Math.floor(plot.heat.height / DURATION_LABEL_PX));
    const versions = versionLabels(red?.versions ?? [], plot);
    return {
      times,
      durations,
      versions,
      lines: red && plot.hasStrips ? redLines(red, plot) : undefined,
      gridX: times.map(({ unixMs }) => plot.x(unixMs)),
      gridY: durations.map(({ ns }) => plot.y(ns)),
      markers: versions.map(({ x }) => x),
    };
  }, [plot, grid, red, clock.zone]);
  const text = (cells: CellBox) => cellsText(grid, cells, of, estimated, clock);

  const choose = (cells: CellBox, isPress: boolean) => {
    const isCell = cells.from.column === cells.to.column && cells.from.row === cells.to.row;
    if (isPress && isCell && countOf(grid, cells.to) === 0) onBox(undefined);
    else onBox(boxOfCells(grid, cells));
  };
  const pointer = usePlotPointer(grid, plot, box, choose);
  const { at, grip, drawn } = pointer.pointing;
  const [kept, setCursor] = useState<CellCursor>();
  const cursor = kept && grid.rows > 0 ? heldCursor(grid, kept) : undefined;
  useAction('explore.to-heatmap', () => host.current?.focus());

  const zone = at && zoneAt(plot, at.x, at.y);
  const cell = at && zone === 'cells' ? cellAt(plot, at.x, at.y) : undefined;
  const crossed =
    cursor?.at.column ?? (zone === 'cells' || zone === 'time' ? cellAt(plot, at!.x, 0).column : undefined);
  const pointedText = drawn
    ? text(drawn)
    : cursor
      ? text(cursorBox(cursor))
      : cell
        ? text({ from: cell, to: cell })
        : undefined;

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.altKey || grid.rows === 0) return;
    const standing = cursor ?? firstCursor(grid);
    const moved = moveCursor(grid, standing, event);
    if (moved) {
      setCursor(moved);
      announce(text(cursorBox(moved)));
    } else if (event.key === 'Enter' || event.key === ' ') {
      onBox(boxOfCells(grid, cursorBox(standing)));
      setCursor({ at: standing.at, anchor: undefined });
    } else if (event.key === 'Escape' && (pointer.cancel() || standing.anchor)) {
      setCursor({ at: standing.at, anchor: undefined });
    } else if (event.key === 'Escape' && box) {
      onBox(undefined);
      announce('The box is gone');
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const shown = drawn ? boxOfCells(grid, drawn) : box;
  const rect = shown && boxRect(plot, shown);
  const boxCells = shown && cellsOfBox(grid, shown);
  const isExact = shown !== undefined && isOnCells(grid, shown);
  const lastColumn = lastFilled(red?.counts ?? []);
  const cursorRect = cursor && cellsRect(plot, cursorBox(cursor));
  const hoverRect = cell && !drawn && !grip ? cellRect(plot, cell) : undefined;
  return (
    <div
      ref={host}
      className="lat-plot"
      role="application"
      aria-roledescription="heatmap"
      aria-label="Latency heatmap"
      aria-describedby={helpId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cells are chosen by arrow keys
      tabIndex={0}
      style={{ height: plot.heightPx, cursor: grip ? gripCursor(grip) : undefined }}
      onKeyDown={onKeyDown}
      onFocus={() => {
        // A press with the mouse focuses too, and means what it points at.
        if (host.current?.matches(':focus-visible') && grid.rows > 0) setCursor(kept ?? firstCursor(grid));
      }}
      onBlur={() => setCursor(undefined)}
      {...pointer.handlers}
      onPointerDown={event => {
        setCursor(undefined);
        pointer.handlers.onPointerDown(event);
      }}
    >
      <div className="lat-readout" aria-hidden="true">
        {pointedText ?? legend}
      </div>
      <HeatmapCanvas
        grid={grid}
        lines={scene.lines}
        plot={plot}
        palette={palette}
        markers={scene.markers}
        gridX={scene.gridX}
        gridY={scene.gridY}
        width={width}
        label={plotSentence(grid, of, estimated)}
      />
      <PlotLabels plot={plot} of={of} times={scene.times} durations={scene.durations} versions={scene.versions} />
      {red && scene.lines && <StripValues red={red} lines={scene.lines} plot={plot} column={crossed ?? lastColumn} />}
      {rect && shown && (
        <BoxFrame
          rect={rect}
          plot={plot}
          isDrawing={drawn !== undefined}
          count={boxCells && `${isExact ? '' : '≈ '}${unitText(sumOf(grid, boxCells).count, of, estimated)}`}
          text={[timesText(shown, clock), durationsText(shown.minNs, shown.maxNs)].filter(Boolean).join(' · ')}
        />
      )}
      {crossed !== undefined && (
        <div
          className="lat-cross"
          style={{
            left: plot.left + (crossed + 0.5) * plot.cellWidth,
            top: plot.rate.top,
            height: plot.heat.top + plot.heat.height - plot.rate.top,
          }}
        />
      )}
      {hoverRect && <div className="lat-hover" style={styleOf(hoverRect)} />}
      {grid.rows === 0 && <p className="lat-nothing">No latencies in this range</p>}
      {cursorRect && <div className="lat-cursor" style={styleOf(cursorRect)} />}
      <span id={helpId} className="vh">
        Arrow keys move over cells, with Shift they grow a box, Enter marks it and lists what is different in it, Escape
        gives it up. The same numbers are in the table.
      </span>
    </div>
  );
}

const styleOf = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => ({
  left: x,
  top: y,
  width,
  height,
});

function lastFilled(counts: readonly number[]): number {
  for (let column = counts.length - 1; column >= 0; column--) if (counts[column]! > 0) return column;
  return 0;
}
