import type { TraceTable } from '#domain/trace/trace-table.ts';
import { type Camera, clampCamera, fitAll, fitRange, panBy, sameCamera, timeToX, zoomAt } from './camera.ts';
import { traceFacts } from './facts.ts';
import { nextOf, rowsOfMask } from './find.ts';
import { entryEndNs, entryStartNs, ROW_HEIGHT, topToCentre, topToShow } from './layout.ts';
import type { PathPieces } from './path-steps.ts';
import {
  type Closed,
  closedToLevel,
  nothingClosed,
  reveal,
  type VisibleRows,
  visibleRows,
  withAncestors,
} from './rows.ts';
import { maxTop } from './scroll-map.ts';
import { gapOfRow, type TreeShape, treeShape } from './shape.ts';
import { createStore, type Store } from './store.ts';
import { WorkCache } from './work-intervals.ts';

/** A trace that goes on after its root by less than this share of its length is not worth a mark. */
const TAIL_SHARE = 0.01;

/** Rows that the find text matches: as a mask over the table, and ascending. */
export interface Matches {
  readonly mask: Uint8Array;
  readonly rows: Int32Array;
}

/** A stretch of time that the reader marked on the plot, ns after the base. */
export interface Brush {
  readonly fromNs: number;
  readonly toNs: number;
}

/** What is on screen of one trace. An entry is a table row, or `~gap`. */
export interface WaterfallState {
  readonly rows: VisibleRows;
  readonly closed: Closed;
  readonly camera: Camera;
  /** px of rows scrolled away above. */
  readonly topPx: number;
  /** Size of the timeline, px. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Visible index under the pointer, -1 for none, and the pointer's x on the timeline. */
  readonly hovered: number;
  readonly crosshairPx: number | undefined;
  /** Entry that has, or would get, the keyboard focus. */
  readonly focused: number;
  readonly selectedRow: number;
  readonly matches: Matches | undefined;
  readonly onlyMatches: boolean;
  readonly brush: Brush | undefined;
  readonly path: PathPieces | undefined;
  readonly showPath: boolean;
}

/** One open trace: its derived data and what the reader did to the picture. Lives as long as its table is shown. */
export class WaterfallModel {
  readonly table: TraceTable;
  readonly shape: TreeShape;
  readonly work: WorkCache;
  readonly store: Store<WaterfallState>;
  /** Until the timeline has been measured, the camera shows all and follows the width. */
  #fitted = true;

  constructor(table: TraceTable) {
    this.table = table;
    this.shape = treeShape(table);
    this.work = new WorkCache(table);
    const closed = nothingClosed(this.shape);
    const rows = visibleRows(this.shape, closed);
    this.store = createStore<WaterfallState>({
      rows,
      closed,
      camera: fitAll(this.spanNs, 656),
      topPx: 0,
      widthPx: 656,
      heightPx: 600,
      hovered: -1,
      crosshairPx: undefined,
      focused: rows.count > 0 ? rows.entry[0] : -1,
      selectedRow: -1,
      matches: undefined,
      onlyMatches: false,
      brush: undefined,
      path: undefined,
      showPath: true,
    });
  }

  /** Length of the time axis: to the end of the last span on the scale. */
  get spanNs(): number {
    return Math.max(this.table.durationNs, traceFacts(this.table).lastEndNs);
  }

  /** Where the main root ends, if the trace goes on for a while after it. */
  get rootEndNs(): number | undefined {
    const { rootEndNs, lastEndNs } = traceFacts(this.table);
    return lastEndNs - rootEndNs > this.spanNs * TAIL_SHARE ? rootEndNs : undefined;
  }

  get whole(): Camera {
    return fitAll(this.spanNs, this.store.get().widthPx);
  }

  resize(widthPx: number, heightPx: number): void {
    const state = this.store.get();
    if (state.widthPx === widthPx && state.heightPx === heightPx) return;
    const whole = fitAll(this.spanNs, widthPx);
    const camera = this.#fitted ? whole : clampCamera(state.camera, whole);
    this.store.set({ widthPx, heightPx, camera });
    this.scrollTo(state.topPx);
  }

  /** Moves the rows; `topPx` is kept inside what there is. */
  scrollTo(topPx: number): void {
    const { rows, heightPx } = this.store.get();
    const most = maxTop({ totalPx: rows.count * ROW_HEIGHT, viewportPx: heightPx });
    this.store.set({ topPx: Math.min(most, Math.max(0, topPx)) });
  }

  lookAt(camera: Camera): void {
    const clamped = clampCamera(camera, this.whole);
    this.#fitted = sameCamera(clamped, this.whole);
    this.store.set({ camera: clamped });
  }

  zoom(factor: number, x = this.store.get().widthPx / 2): void {
    const { camera, widthPx } = this.store.get();
    this.lookAt(zoomAt(camera, factor, x, widthPx, this.whole));
  }

  /** Moves the window by a share of its width. */
  pan(share: number): void {
    const { camera } = this.store.get();
    this.lookAt(panBy(camera, camera.widthNs * share, this.whole));
  }

  fit(): void {
    this.lookAt(this.whole);
  }

  /** Zooms to what the reader marked, or to the selected or focused entry. */
  zoomToSelection(): void {
    const { brush, selectedRow, focused } = this.store.get();
    if (brush !== undefined) {
      this.lookAt({ startNs: brush.fromNs, widthNs: brush.toNs - brush.fromNs });
      this.store.set({ brush: undefined });
      return;
    }
    this.zoomToEntry(selectedRow >= 0 ? selectedRow : focused);
  }

  zoomToEntry(entry: number): void {
    this.lookAt(fitRange(entryStartNs(this.shape, entry), entryEndNs(this.shape, entry), this.whole));
  }

  canToggle(entry: number): boolean {
    return entry < 0 ? ~entry < this.shape.gaps.count : this.shape.childCount[entry] > 0;
  }

  isClosed(entry: number): boolean {
    const { closed } = this.store.get();
    return entry < 0 ? closed.gaps[~entry] === 1 : closed.rows[entry] === 1;
  }

  setClosed(entry: number, close: boolean): void {
    if (!this.canToggle(entry) || this.isClosed(entry) === close) return;
    const { closed } = this.store.get();
    if (entry < 0) closed.gaps[~entry] = close ? 1 : 0;
    else closed.rows[entry] = close ? 1 : 0;
    this.#showRows({ ...closed });
  }

  /** Opens, or closes, every entry beside `entry`. */
  setSiblingsClosed(entry: number, close: boolean): void {
    const { closed } = this.store.get();
    const { parent, subtreeEnd, length } = this.table;
    const above = entry < 0 ? -1 : parent[entry];
    const end = above < 0 ? length : subtreeEnd[above];
    for (let row = above + 1; row < end; row = subtreeEnd[row]) closed.rows[row] = close ? 1 : 0;
    this.#showRows({ ...closed });
  }

  /** Shows the tree down to `level` (1: only what stands at the top); Infinity opens everything. */
  openToLevel(level: number): void {
    this.#showRows(Number.isFinite(level) ? closedToLevel(this.shape, level) : nothingClosed(this.shape));
  }

  /** Moves the focus to an entry and scrolls as little as needed. */
  focus(entry: number): void {
    const index = this.indexOf(entry);
    if (index < 0) return;
    const { topPx, heightPx } = this.store.get();
    this.store.set({ focused: entry });
    this.scrollTo(topToShow(index, topPx, heightPx));
  }

  /** Opens what hides an entry, scrolls it to the upper third if it is off screen, and brings its bar into the window. */
  jumpTo(entry: number): void {
    const { closed, camera, widthPx } = this.store.get();
    if (entry >= 0 && reveal(this.shape, closed, entry)) this.#showRows({ ...closed });
    if (this.store.get().onlyMatches && this.indexOf(entry) < 0) this.setOnlyMatches(false);
    const index = this.indexOf(entry);
    if (index < 0) return;
    const { topPx, heightPx } = this.store.get();
    this.store.set({ focused: entry });
    const near = topToShow(index, topPx, heightPx);
    if (near !== topPx) this.scrollTo(topToCentre(index, heightPx));
    const fromX = timeToX(camera, widthPx, entryStartNs(this.shape, entry));
    const toX = timeToX(camera, widthPx, entryEndNs(this.shape, entry));
    if (toX < 0 || fromX > widthPx) {
      const middle = (entryStartNs(this.shape, entry) + entryEndNs(this.shape, entry)) / 2;
      this.lookAt({ startNs: middle - camera.widthNs / 2, widthNs: camera.widthNs });
    }
  }

  select(row: number): void {
    this.store.set({ selectedRow: row });
    if (row >= 0) this.jumpTo(row);
  }

  /** Visible index of an entry, -1 while it is hidden. */
  indexOf(entry: number): number {
    const { rows } = this.store.get();
    if (entry >= 0) {
      const index = rows.indexOfRow[entry];
      return index >= 0 && rows.entry[index] === entry ? index : -1;
    }
    const first = this.shape.gaps.firstRow[~entry];
    if (first === undefined) return -1;
    const index = rows.indexOfRow[first];
    if (index >= 0 && rows.entry[index] === entry) return index;
    return index > 0 && rows.entry[index - 1] === entry ? index - 1 : -1;
  }

  /** The entry above `entry` in the tree: its parent, its gap, or none. */
  parentOf(entry: number): number | undefined {
    if (entry < 0) return undefined;
    if (this.table.parent[entry] >= 0) return this.table.parent[entry];
    const gap = gapOfRow(this.shape.gaps, entry);
    return gap < 0 ? undefined : ~gap;
  }

  setMatches(mask: Uint8Array | undefined): void {
    this.store.set({ matches: mask && { mask, rows: rowsOfMask(mask) } });
    if (mask === undefined) this.setOnlyMatches(false);
    else if (this.store.get().onlyMatches) this.#showRows(this.store.get().closed);
  }

  setOnlyMatches(onlyMatches: boolean): void {
    if (this.store.get().onlyMatches === onlyMatches) return;
    this.store.set({ onlyMatches });
    this.#showRows(this.store.get().closed);
  }

  /** Whether the window shows the whole trace and follows its width. */
  get isFitted(): boolean {
    return this.#fitted;
  }

  /** Replaces what is closed. */
  showClosed(closed: Closed): void {
    this.#showRows(closed);
  }

  /** The next of `rows` (ascending) after where the reader is; undefined if there is none. */
  nextFrom(rows: Int32Array, backwards: boolean): number | undefined {
    const { focused } = this.store.get();
    const at = focused >= 0 ? focused : (this.shape.gaps.firstRow[~focused] ?? 0) - 0.5;
    return nextOf(rows, at, backwards);
  }

  /** Shows the rows that `closed` leaves, keeping the focused row (or what stands for it) where it is on screen. */
  #showRows(closed: Closed): void {
    const { rows: before, focused, topPx, matches, onlyMatches } = this.store.get();
    const keep = onlyMatches && matches !== undefined ? withAncestors(this.shape, matches.mask) : undefined;
    const indexBefore = this.indexOf(focused);
    const rows = visibleRows(this.shape, closed, keep);
    const row = focused >= 0 ? focused : this.shape.gaps.firstRow[~focused];
    let index = row === undefined ? -1 : rows.indexOfRow[row];
    if (focused < 0 && index > 0 && rows.entry[index] !== focused) index -= 1;
    const shown = index >= 0 ? rows.entry[index] : rows.count > 0 ? rows.entry[0] : -1;
    this.store.set({ rows, closed, focused: shown, hovered: -1 });
    const onScreen = indexBefore >= 0 && before.count > 0;
    this.scrollTo(onScreen && index >= 0 ? topPx + (index - indexBefore) * ROW_HEIGHT : topPx);
  }
}
