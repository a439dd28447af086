import { isList, type Value } from '#domain/traceql/run/value.ts';

/** A span that stands for a cell. */
export interface SpanRef {
  readonly segment: number;
  readonly rowId: bigint;
}

/** What was added up for one group in one bucket of time and one bucket of values (0 if the function has none). */
export interface CellPart {
  /** Below 2 ** 15. */
  readonly time: number;
  /** Below 64. */
  readonly bucket: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Of the span that stands for it; `segment` -1 for none. */
  readonly segment: number;
  readonly rowId: number;
}

/** The cells of one group: those from `from` up to `to` of the columns, by time and then bucket, each once. */
export interface Group {
  readonly values: readonly Value[];
  readonly from: number;
  readonly to: number;
}

/** Added cells, one array per property of `CellPart`. */
export type CellColumns = Readonly<Record<keyof CellPart, Float64Array>>;

const PROPERTIES: readonly (keyof CellPart)[] = ['time', 'bucket', 'count', 'sum', 'min', 'max', 'segment', 'rowId'];
const FIRST_CAPACITY = 1_024;
/** Spans that are added one by one are merged when so many wait. */
const MAX_WAITING = 500_000;

/** Sums by group, filled span by span or from partial sums. Holds a bounded number of groups. */
export class Cells {
  readonly #places = new Map<string, number>();
  readonly #values: (readonly Value[])[] = [];
  readonly #maxGroups: number;
  #columns = newColumns(FIRST_CAPACITY);
  #group = new Int32Array(FIRST_CAPACITY);
  #length = 0;
  #mergeAt = MAX_WAITING;
  /** Groups beyond the bound were left out. */
  isCut = false;

  constructor(maxGroups: number) {
    this.#maxGroups = maxGroups;
  }

  /** The number of a group; undefined if there is no room for a further one. */
  group(values: readonly Value[]): number | undefined {
    const key = values.map(groupKey).join('\u0000');
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#values.length >= this.#maxGroups) {
      this.isCut = true;
      return undefined;
    }
    const group = this.#values.length;
    this.#places.set(key, group);
    this.#values.push(values.map(value => (isList(value) ? undefined : value)));
    return group;
  }

  /** Makes room for so many more. */
  reserve(count: number): void {
    if (this.#length + count > this.#group.length) this.#resize(this.#length + count);
  }

  add(group: number, part: CellPart): void {
    if (this.#length === this.#group.length) this.#grow();
    const at = this.#length++;
    this.#group[at] = group;
    const columns = this.#columns;
    columns.time[at] = part.time;
    columns.bucket[at] = part.bucket;
    columns.count[at] = part.count;
    columns.sum[at] = part.sum;
    columns.min[at] = part.min;
    columns.max[at] = part.max;
    columns.segment[at] = part.segment;
    columns.rowId[at] = part.rowId;
  }

  /** Everything added so far, by group. */
  merged(): { readonly groups: readonly Group[]; readonly columns: CellColumns } {
    this.#merge();
    const groups: Group[] = [];
    for (let from = 0; from < this.#length; ) {
      const group = this.#group[from];
      let to = from + 1;
      while (to < this.#length && this.#group[to] === group) to++;
      groups.push({ values: this.#values[group], from, to });
      from = to;
    }
    return { groups, columns: this.#columns };
  }

  #grow(): void {
    if (this.#length >= this.#mergeAt) {
      this.#merge();
      this.#mergeAt = Math.max(MAX_WAITING, 2 * this.#length);
      if (this.#length < this.#group.length) return;
    }
    this.#resize(Math.max(2 * this.#group.length, FIRST_CAPACITY));
  }

  #resize(capacity: number): void {
    this.#group = grown(this.#group, new Int32Array(capacity));
    const columns = newColumns(capacity);
    for (const property of PROPERTIES) grown(this.#columns[property], columns[property]);
    this.#columns = columns;
  }

  /** Sorts by group, time and bucket, and adds up what has all three in common. */
  #merge(): void {
    const length = this.#length;
    const { time, bucket } = this.#columns;
    const keys = new Int32Array(length);
    for (let i = 0; i < length; i++) keys[i] = time[i] * 64 + bucket[i];
    const order = new Int32Array(length);
    for (let i = 0; i < length; i++) order[i] = i;
    sortBy(keys, order);
    sortBy(this.#group, order);
    /** Where each of the sorted cells goes. */
    const target = new Int32Array(length);
    let merged = 0;
    for (let n = 0; n < length; n++) {
      const i = order[n];
      const before = order[n - 1];
      if (n > 0 && (keys[i] !== keys[before] || this.#group[i] !== this.#group[before])) merged++;
      target[n] = merged;
    }
    const gathered: Partial<Record<keyof CellPart, Float64Array>> = {};
    for (const property of PROPERTIES) gathered[property] = gather(this.#columns[property], order, target, property);
    // The latest span stands for a cell, whatever order its parts came in.
    const { segment, rowId } = this.#columns;
    const [segments, rowIds] = [gathered.segment, gathered.rowId] as [Float64Array, Float64Array];
    for (let n = 0; n < length; n++) {
      const [i, at] = [order[n], target[n]];
      if (segment[i] < 0 || (segments[at] >= 0 && rowId[i] <= rowIds[at])) continue;
      segments[at] = segment[i];
      rowIds[at] = rowId[i];
    }
    const group = new Int32Array(length);
    for (let n = 0; n < length; n++) group[target[n]] = this.#group[order[n]];
    this.#columns = gathered as CellColumns;
    this.#group = group;
    this.#length = length === 0 ? 0 : merged + 1;
  }
}

/** One column in the new order. What is added up is added up, of all else the first stays. */
function gather(from: Float64Array, order: Int32Array, target: Int32Array, property: keyof CellPart): Float64Array {
  const to = new Float64Array(order.length);
  const [adds, takesLeast, takesMost] = [
    property === 'count' || property === 'sum',
    property === 'min',
    property === 'max',
  ];
  let last = -1;
  for (let n = 0; n < order.length; n++) {
    const at = target[n];
    const value = from[order[n]];
    if (at !== last) to[at] = value;
    else if (adds) to[at] += value;
    else if ((takesLeast && value < to[at]) || (takesMost && value > to[at])) to[at] = value;
    last = at;
  }
  return to;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Sorts indices by their keys (whole numbers from 0 on); those of equal keys keep their order. Linear. */
function sortBy(keys: Int32Array, order: Int32Array): void {
  let largest = 0;
  for (const i of order) if (keys[i] > largest) largest = keys[i];
  for (let shift = 0; shift < 31 && largest >> shift > 0; shift += DIGIT_BITS) {
    const starts = new Int32Array(DIGITS + 1);
    for (const i of order) starts[((keys[i] >> shift) & (DIGITS - 1)) + 1]++;
    for (let digit = 1; digit < DIGITS; digit++) starts[digit] += starts[digit - 1];
    const from = order.slice();
    for (const i of from) order[starts[(keys[i] >> shift) & (DIGITS - 1)]++] = i;
  }
}

function newColumns(capacity: number): CellColumns {
  const column = () => new Float64Array(capacity);
  return {
    time: column(),
    bucket: column(),
    count: column(),
    sum: column(),
    min: column(),
    max: column(),
    segment: column(),
    rowId: column(),
  };
}

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Lists are no group: they count as missing. */
function groupKey(value: Value): string {
  if (value === undefined || isList(value)) return '';
  return typeof value === 'object' ? `word:${value.word}` : `${typeof value}:${value}`;
}
