import { isList, type Value } from '#server/traceql/value.ts';

/** A span that stands for a cell. */
export interface SpanRef {
  readonly segment: number;
  readonly rowId: bigint;
}

/** What was added up for one group in one bucket of time (and one bucket of values). */
export interface Cell {
  count: number;
  sum: number;
  min: number;
  max: number;
  exemplar: SpanRef | undefined;
}

export interface Group {
  readonly values: readonly Value[];
  /** By `cellKey`. */
  readonly cells: Map<number, Cell>;
}

/** Time bucket and value bucket (0 for none, else below 64) as one number. */
export function cellKey(time: number, bucket = 0): number {
  return time * 64 + bucket;
}

export function timeOf(key: number): number {
  return Math.floor(key / 64);
}

export function bucketOf(key: number): number {
  return key % 64;
}

/** Sums by group, filled span by span or from partial sums. Holds a bounded number of groups. */
export class Cells {
  readonly groups = new Map<string, Group>();
  readonly #maxGroups: number;
  /** Groups beyond the bound were left out. */
  isCut = false;

  constructor(maxGroups: number) {
    this.#maxGroups = maxGroups;
  }

  /** Undefined if there is no room for a further group. */
  group(values: readonly Value[]): Group | undefined {
    const key = values.map(groupKey).join('\u0000');
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    if (this.groups.size >= this.#maxGroups) {
      this.isCut = true;
      return undefined;
    }
    const group: Group = { values: values.map(value => (isList(value) ? undefined : value)), cells: new Map() };
    this.groups.set(key, group);
    return group;
  }
}

/** `part` is kept: it must not be used again. */
export function addToCell(group: Group, key: number, part: Cell): void {
  const cell = group.cells.get(key);
  if (cell === undefined) {
    group.cells.set(key, part);
    return;
  }
  cell.count += part.count;
  cell.sum += part.sum;
  if (part.min < cell.min) cell.min = part.min;
  if (part.max > cell.max) cell.max = part.max;
  cell.exemplar ??= part.exemplar;
}

/** Lists are no group: they count as missing. */
function groupKey(value: Value): string {
  if (value === undefined || isList(value)) return '';
  return typeof value === 'object' ? `word:${value.word}` : `${typeof value}:${value}`;
}
