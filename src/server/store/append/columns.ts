import type { Arena } from './arena.ts';

/**
 * Rows waiting to be appended to one table, column by column. `truncate` takes back what a failed request has pushed.
 * Kinds: `Fixed` (plain numbers of 1, 4, 8 or 16 bytes), `Bytes` (VARCHAR, BLOB as ranges of an arena), `Lists`.
 */
export type Column = FixedColumn | BytesColumn | ListColumn;

/** Numbers of `width` bytes as DuckDB has them in memory. With `nullable`, 0 means NULL. */
export class FixedColumn {
  readonly kind = 'fixed';
  readonly width: 1 | 4 | 8 | 16;
  readonly nullable: boolean;
  length = 0;
  bytes: Uint8Array<ArrayBuffer>;
  u32: Uint32Array;
  i32: Int32Array;
  f64: Float64Array;

  constructor(width: 1 | 4 | 8 | 16, nullable = false) {
    this.width = width;
    this.nullable = nullable;
    this.bytes = new Uint8Array(1024 * width);
    this.u32 = new Uint32Array(this.bytes.buffer);
    this.i32 = new Int32Array(this.bytes.buffer);
    this.f64 = new Float64Array(this.bytes.buffer);
  }

  /** Adds a row of zeros and returns its number. */
  next(): number {
    const row = this.length++;
    if (this.length * this.width > this.bytes.length) this.#grow();
    return row;
  }

  push8(value: number): void {
    const row = this.next();
    this.bytes[row] = value;
  }

  push32(value: number): void {
    const row = this.next();
    this.i32[row] = value;
  }

  /** A 64-bit number as two unsigned halves. */
  push64(lo: number, hi: number): void {
    const row = this.next() * 2;
    this.u32[row] = lo;
    this.u32[row + 1] = hi;
  }

  pushDouble(value: number): void {
    const row = this.next();
    this.f64[row] = value;
  }

  /** Adds rows of zeros, for columns that are set by row number. */
  extendTo(length: number): void {
    while (length * this.width > this.bytes.length) this.#grow();
    this.length = length;
  }

  truncate(length: number): void {
    if (this.nullable) this.bytes.fill(0, length * this.width, this.length * this.width);
    this.length = length;
  }

  #grow(): void {
    const bytes = new Uint8Array(this.bytes.length * 2);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.u32 = new Uint32Array(bytes.buffer);
    this.i32 = new Int32Array(bytes.buffer);
    this.f64 = new Float64Array(bytes.buffer);
  }
}

/** Ranges of `arena`; length -1 is NULL. VARCHAR must be valid UTF-8. Equal offsets share one copy in a chunk. */
export class BytesColumn {
  readonly kind = 'bytes';
  readonly arena: Arena;
  length = 0;
  offsets = new Uint32Array(1024);
  lengths = new Int32Array(1024);

  constructor(arena: Arena) {
    this.arena = arena;
  }

  push(offset: number, length: number): void {
    const row = this.length++;
    if (row === this.offsets.length) this.#grow();
    this.offsets[row] = offset;
    this.lengths[row] = length;
  }

  pushNull(): void {
    this.push(0, -1);
  }

  truncate(length: number): void {
    this.length = length;
  }

  #grow(): void {
    const offsets = new Uint32Array(this.offsets.length * 2);
    const lengths = new Int32Array(offsets.length);
    offsets.set(this.offsets);
    lengths.set(this.lengths);
    this.offsets = offsets;
    this.lengths = lengths;
  }
}

/** Lists over a flat `child`; a row ends where the next begins. Push the elements into `child`, then `close` the row. */
export class ListColumn<C extends FixedColumn | BytesColumn = FixedColumn | BytesColumn> {
  readonly kind = 'list';
  readonly child: C;
  length = 0;
  /** ends[r]: child length after row r. */
  ends = new Uint32Array(1024);

  constructor(child: C) {
    this.child = child;
  }

  close(): void {
    const row = this.length++;
    if (row === this.ends.length) {
      const ends = new Uint32Array(this.ends.length * 2);
      ends.set(this.ends);
      this.ends = ends;
    }
    this.ends[row] = this.child.length;
  }

  startOf(row: number): number {
    return row === 0 ? 0 : this.ends[row - 1];
  }

  truncate(length: number): void {
    this.length = length;
    this.child.truncate(length === 0 ? 0 : this.ends[length - 1]);
  }
}
