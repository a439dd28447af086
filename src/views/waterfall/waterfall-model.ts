import { receivedTable } from '#domain/analysis/clock-adjustment.ts';
import type { ClockSkew } from '#domain/analysis/clock-skew.ts';
import { prepared } from '#domain/analysis/prepared-trace.ts';
import type { Repeats } from '#domain/analysis/repeats.ts';
import {
  firstGroupFold,
  foldCount,
  hasChildren,
  lacksRoot,
  rootlessEntry,
  type TreeShape,
  treeShape,
} from '#domain/analysis/tree-shape.ts';
import {
  type Closed,
  closedAtFirst,
  type RowBuffers,
  rowBuffers,
  type VisibleRows,
  visibleRows,
} from '#domain/analysis/visible-rows.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { Folds } from '#state/url/url-state.ts';
import { type Camera, clampCamera, fitAll, fitRange, panBy, sameCamera, timeToX, zoomAt } from './camera.ts';
import { traceFacts } from './facts.ts';
import { closedBy, closedOf } from './folds.ts';
import { entryEndNs, entryStartNs, ROW_HEIGHT, topToCentre, topToShow } from './layout.ts';
import { OverflowCache } from './overflow.ts';
import type { PathPieces } from './path-steps.ts';
import { nextOf, rowsOfMask } from './row-list.ts';
import { reveal, withAncestors } from './rows.ts';
import { maxTop } from './scroll-map.ts';
import { entryAbove, firstRowOf } from './shape.ts';
import { createStore, type Store } from './store.ts';
import { WorkCache } from './work-cache.ts';

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

/** What is on screen of one trace. Entries: see `TreeShape`. */
export interface WaterfallState {
  /** The tree that `rows` are of: with groups, or without. */
  readonly shape: TreeShape;
  readonly rows: VisibleRows;
  readonly closed: Closed;
  /** What `closed` started from, for links. */
  readonly foldBase: Folds['base'];
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
  /** Counts the moves that take the keyboard into the tree: by a key of the page, not by scrolling or a refresh. */
  readonly arrivals: number;
  readonly selectedRow: number;
  readonly matches: Matches | undefined;
  readonly onlyMatches: boolean;
  /** Whether repeats are to be folded. While only matches are shown they are not. */
  readonly grouping: boolean;
  readonly brush: Brush | undefined;
  readonly path: PathPieces | undefined;
  readonly showPath: boolean;
  /** Which attempt each row is, 0 for none; see `Repeats.retry`. */
  readonly retry: Uint8Array;
}

/** One open trace: its derived data and what the reader did to the picture. Lives as long as its table is shown. */
export class WaterfallModel {
  readonly table: TraceTable;
  readonly repeats: Repeats;
  /** As the times came, also while they are adjusted on screen. */
  readonly skew: ClockSkew;
  readonly work: WorkCache;
  readonly overflow: OverflowCache;
  readonly store: Store<WaterfallState>;
  /** The tree without and with groups. */
  #plain: TreeShape | undefined;
  readonly #grouped: TreeShape;
  /** Rows are worked out into one while the other is on screen. */
  /** The columns of rows that are no longer shown; undefined until rows have changed. */
  #spare: RowBuffers | undefined;
  /** Until the timeline has been measured, the camera shows all and follows the width. */
  #fitted = true;

  constructor(table: TraceTable) {
    const { shape, repeats, skew, largeWork, firstRows } = prepared(table);
    this.table = table;
    this.repeats = repeats;
    const received = receivedTable(table);
    this.skew = received === table ? skew : prepared(received).skew;
    this.#grouped = shape;
    this.work = new WorkCache(table, repeats, largeWork);
    this.overflow = new OverflowCache(table);
    const closed = closedAtFirst(shape);
    const rows = firstRows;
    this.store = createStore<WaterfallState>({
      shape,
      rows,
      closed,
      foldBase: 'first',
      camera: fitAll(this.spanNs, 656),
      topPx: 0,
      widthPx: 656,
      heightPx: 600,
      hovered: -1,
      crosshairPx: undefined,
      focused: rows.count > 0 ? rows.entry[0] : -1,
      arrivals: 0,
      selectedRow: -1,
      matches: undefined,
      onlyMatches: false,
      grouping: true,
      brush: undefined,
      path: undefined,
      showPath: true,
      retry: this.repeats.retry,
    });
  }

  /** The tree as it is shown. */
  get shape(): TreeShape {
    return this.store.get().shape;
  }

  /** The tree with all its folds, to which `closed` belongs. */
  get foldShape(): TreeShape {
    return this.#grouped;
  }

  /** Length of the time axis: to the end of the last span on the scale. */
  get spanNs(): number {
    return Math.max(this.table.durationNs, traceFacts(this.table).lastEndNs);
  }

  /** Where the main root ends, if the trace goes on for a while after it. */
  get rootEndNs(): number | undefined {
    const { rootEndNs, lastEndNs } = traceFacts(this.table);
    if (lacksRoot(this.#grouped)) return undefined;
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

  /** The window of what the reader marked, or of the selected or focused entry. */
  get selectionWindow(): Camera {
    const { brush, selectedRow, focused } = this.store.get();
    if (brush === undefined) return this.windowOf(selectedRow >= 0 ? selectedRow : focused);
    return clampCamera({ startNs: brush.fromNs, widthNs: brush.toNs - brush.fromNs }, this.whole);
  }

  /** The window that an entry fills. */
  windowOf(entry: number): Camera {
    return fitRange(entryStartNs(this.shape, entry), entryEndNs(this.shape, entry), this.whole);
  }

  canToggle(entry: number): boolean {
    return entry < 0 ? ~entry < foldCount(this.shape) : hasChildren(this.shape, entry);
  }

  isClosed(entry: number): boolean {
    const { closed } = this.store.get();
    return entry < 0 ? closed.folds[~entry] === 1 : closed.rows[entry] === 1;
  }

  setClosed(entry: number, close: boolean): void {
    if (!this.canToggle(entry) || this.isClosed(entry) === close) return;
    const { closed } = this.store.get();
    if (entry < 0) closed.folds[~entry] = close ? 1 : 0;
    else closed.rows[entry] = close ? 1 : 0;
    this.#showRows({ ...closed });
  }

  /** Opens, or closes, every entry beside `entry`. */
  setSiblingsClosed(entry: number, close: boolean): void {
    const { closed, shape } = this.store.get();
    const { parent, subtreeEnd, length } = this.table;
    const first = firstRowOf(shape, entry);
    if (first < 0) return;
    const above = parent[first];
    const end = above < 0 ? length : subtreeEnd[above];
    const groupOf = shape.groups?.repeats.groupOf;
    for (let row = above + 1; row < end; row = subtreeEnd[row]) {
      closed.rows[row] = close ? 1 : 0;
      if (groupOf !== undefined && groupOf[row] >= 0)
        closed.folds[firstGroupFold(shape) + groupOf[row]] = close ? 1 : 0;
    }
    this.#showRows({ ...closed });
  }

  /** Shows the tree down to `level` (1: only what stands at the top); Infinity opens everything. */
  openToLevel(level: number): void {
    const base = Number.isFinite(level) ? level : 'all';
    this.showClosed(closedBy(this.#grouped, base), base);
  }

  /** Opens and closes what a link says. */
  setFolds(folds: Folds): void {
    this.showClosed(closedOf(this.#grouped, folds), folds.base);
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
    if (this.#reveal(closed, entry)) this.#showRows({ ...closed });
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

  /** As `jumpTo`, and takes the keyboard along. */
  goTo(entry: number): void {
    this.jumpTo(entry);
    this.arrive();
  }

  /** Takes the keyboard into the tree. */
  arrive(): void {
    this.store.set({ arrivals: this.store.get().arrivals + 1 });
  }

  #reveal(closed: Closed, entry: number): boolean {
    if (entry >= 0) return reveal(this.shape, closed, entry);
    const above = entryAbove(this.shape, entry);
    if (above === undefined) return false;
    const revealed = reveal(this.shape, closed, firstRowOf(this.shape, above));
    const wasClosed = above < 0 ? closed.folds[~above] === 1 : closed.rows[above] === 1;
    if (above < 0) closed.folds[~above] = 0;
    else closed.rows[above] = 0;
    return revealed || wasClosed;
  }

  select(row: number): void {
    this.store.set({ selectedRow: row });
    if (row >= 0) this.jumpTo(row);
  }

  /** Visible index of an entry, -1 while it is hidden. */
  indexOf(entry: number): number {
    const { rows, shape } = this.store.get();
    return indexOfEntry(shape, rows, entry);
  }

  /** The entry above `entry` in the tree: its parent, its group, its gap, or none. */
  parentOf(entry: number): number | undefined {
    return entryAbove(this.shape, entry);
  }

  /** Attempts that spans name themselves, where that is more than what was inferred. */
  addRetries(attempt: Uint8Array): void {
    const { retry } = this.store.get();
    this.store.set({ retry: retry.map((known, row) => Math.max(known, attempt[row])) });
  }

  setMatches(mask: Uint8Array | undefined): void {
    this.store.set({ matches: mask && { mask, rows: rowsOfMask(mask) } });
    if (this.store.get().onlyMatches) this.#showRows(this.store.get().closed);
  }

  setOnlyMatches(onlyMatches: boolean): void {
    if (this.store.get().onlyMatches === onlyMatches) return;
    this.store.set({ onlyMatches });
    this.#showRows(this.store.get().closed);
  }

  /** Folds repeats into groups, or lists them one by one. */
  setGrouping(grouping: boolean): void {
    if (this.store.get().grouping === grouping) return;
    this.store.set({ grouping });
    this.#showRows(this.store.get().closed);
  }

  /** Whether the window shows the whole trace and follows its width. */
  get isFitted(): boolean {
    return this.#fitted;
  }

  /** Replaces what is closed. */
  showClosed(closed: Closed, foldBase: Folds['base']): void {
    this.store.set({ foldBase });
    this.#showRows(closed);
  }

  /** The next of `rows` (ascending) after where the reader is; undefined if there is none. */
  nextFrom(rows: Int32Array, backwards: boolean): number | undefined {
    const { focused, shape } = this.store.get();
    const at = focused >= 0 ? focused : firstRowOf(shape, focused) - 0.5;
    return nextOf(rows, at, backwards);
  }

  /** The tree with every repeat on a row of its own: made when it is first looked at. */
  #ungrouped(): TreeShape {
    if (this.#grouped.groups === undefined) return this.#grouped;
    this.#plain ??= treeShape(this.table);
    return this.#plain;
  }

  /** Shows the rows that `closed` leaves, keeping the focused row (or what stands for it) where it is on screen. */
  #showRows(closed: Closed): void {
    const { rows: before, shape: shapeBefore, focused, topPx, matches, onlyMatches, grouping } = this.store.get();
    const filtered = onlyMatches && matches !== undefined;
    const shape = grouping && !filtered ? this.#grouped : this.#ungrouped();
    const keep = filtered ? withAncestors(shape, matches.mask) : undefined;
    const indexBefore = indexOfEntry(shapeBefore, before, focused);
    const row = firstRowOf(shapeBefore, focused);
    const rows = visibleRows(shape, closed, keep, this.#spare ?? rowBuffers(this.#grouped));
    // The first rows are there for the next look at the trace.
    if (before !== prepared(this.table).firstRows) this.#spare = before;
    const same = indexOfEntry(shape, rows, focused);
    const index = same >= 0 ? same : row < 0 ? -1 : rows.indexOfRow[row];
    const next = index >= 0 ? rows.entry[index] : rows.count > 0 ? rows.entry[0] : -1;
    const onScreen = indexBefore >= 0 && before.count > 0 && index >= 0;
    this.store.set({ shape, rows, closed, focused: next, hovered: -1 });
    this.scrollTo(onScreen ? topPx + (index - indexBefore) * ROW_HEIGHT : topPx);
  }
}

/** A gap or group stands right above its first row, or hides it; a gap may be followed by a group. */
function indexOfEntry(shape: TreeShape, rows: VisibleRows, entry: number): number {
  if (entry === rootlessEntry(shape)) return rows.count > 0 ? 0 : -1;
  const row = firstRowOf(shape, entry);
  if (row < 0) return -1;
  const index = rows.indexOfRow[row];
  for (let at = index; at >= 0 && at >= index - 2; at--) if (rows.entry[at] === entry) return at;
  return -1;
}
