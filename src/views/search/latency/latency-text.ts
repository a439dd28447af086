import type { LatencyUnit } from '#domain/api/latency-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount, formatPercent, NBSP } from '#domain/format/number.ts';
import { type Clock, durationsText, timesText } from '#views/search/box-text.ts';
import { boxOfCells } from './box.ts';
import { type Cell, type CellBox, type HeatGrid, indexOf, rankOf, sumOf } from './heat-grid.ts';

/** `37 spans`, `1 trace`; what is estimated says so. */
export function unitText(count: number, of: LatencyUnit, estimated = false): string {
  const noun = of === 'spans' ? (count === 1 ? 'span' : 'spans') : count === 1 ? 'trace' : 'traces';
  return `${estimated ? '≈' : ''}${formatCount(count)}${NBSP}${noun}`;
}

export function errorsText(count: number): string {
  if (count === 0) return 'no errors';
  return count === 1 ? `1${NBSP}error` : `${formatCount(count)}${NBSP}errors`;
}

/** `p98`, `p99.9`: never rounded up to what it has not reached. */
export function rankText(rank: number): string {
  if (Number.isNaN(rank)) return '';
  if (rank >= 1) return 'the longest';
  const percent = rank * 100;
  return percent < 99 ? `p${Math.floor(percent)}` : `p${Math.floor(percent * 10) / 10}`;
}

/** One cell or a box in words, as it is read out and shown. */
export function cellsText(grid: HeatGrid, cells: CellBox, of: LatencyUnit, estimated: boolean, clock: Clock): string {
  const { count, errors } = sumOf(grid, cells);
  const box = boxOfCells(grid, cells);
  const parts = [timesText(box, clock), durationsText(box.minNs, box.maxNs), unitText(count, of, estimated)];
  if (count > 0)
    parts.push(errors > 0 ? `${errorsText(errors)} (${formatPercent(errors / count)})` : errorsText(errors));
  if (isOne(cells) && count > 0) parts.push(rankText(rankOf(grid, cells.to.row)));
  return parts.filter(part => part !== undefined).join(', ');
}

/** What the whole plot shows, in a sentence. */
export function plotSentence(grid: HeatGrid, of: LatencyUnit, estimated: boolean): string {
  if (grid.rows === 0) return 'Latencies over time: nothing with a duration in this range.';
  const longest = durationText(grid.edgesNs[grid.rows]);
  const fullest = fullestRow(grid);
  const usual = durationsText(grid.edgesNs[fullest], grid.edgesNs[fullest + 1]);
  return `Latencies over time of ${unitText(grid.timed, of, estimated)}: most often ${usual}, none reaches ${longest}.`;
}

export function countOf(grid: HeatGrid, cell: Cell): number {
  return grid.counts[indexOf(grid, cell)] ?? 0;
}

function fullestRow({ sums }: HeatGrid): number {
  return sums.indexOf(sums.reduce((a, b) => Math.max(a, b), 0));
}

function isOne({ from, to }: CellBox): boolean {
  return from.column === to.column && from.row === to.row;
}
