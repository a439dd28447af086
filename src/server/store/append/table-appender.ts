import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, type DuckDBType } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { Arena } from './arena.ts';
import type { BytesColumn, Column, FixedColumn, ListColumn } from './columns.ts';

/** Rows of one DuckDB vector. */
const CHUNK_ROWS = 2048;
/** A string_t: length, then up to 12 bytes in place, or a prefix and a pointer. */
const STRING_BYTES = 16;
const STRING_WORDS = STRING_BYTES / 4;
const INLINE_BYTES = 12;
const FIRST_ROWS_MASK = 0xfff;

const stringScratch = new Uint8Array(CHUNK_ROWS * STRING_BYTES);
const stringWords = new Int32Array(stringScratch.buffer);
/** By hash of an offset: the row of the chunk that brought the bytes there. */
const firstRows = new Int16Array(FIRST_ROWS_MASK + 1);
/** Long strings of a column of the chunk, one after another, and per row where its own stands among them. */
const longStrings = new Arena();
const places = new Uint32Array(CHUNK_ROWS);
/** The string_t that DuckDB made of them: length, first bytes, address (low, high). */
const kept = new Uint32Array(STRING_WORDS);
const emptyString = new Uint8Array(STRING_BYTES);
const entryScratch = new Uint32Array(CHUNK_ROWS * 4);
const validityScratch = new Uint8Array(CHUNK_ROWS / 8);

/**
 * Feeds staged columns to a table as data chunks, by copying whole arrays into vector memory. Uses the bindings below
 * `@duckdb/node-api` because its vectors take one value at a time (10× slower).
 */
export class TableAppender {
  readonly #appender: DuckDBAppender;
  readonly #columns: readonly Column[];
  readonly #chunk: DuckDBDataChunk;

  private constructor(appender: DuckDBAppender, types: readonly DuckDBType[], columns: readonly Column[]) {
    this.#appender = appender;
    this.#columns = columns;
    this.#chunk = DuckDBDataChunk.create(types);
  }

  /** `columns` stand in the order of the table's columns. */
  static async open(connection: DuckDBConnection, table: string, columns: readonly Column[]): Promise<TableAppender> {
    const appender = await connection.createAppender(table);
    if (appender.columnCount !== columns.length) throw new Error(`${table} has ${appender.columnCount} columns`);
    const types = columns.map((_, i) => appender.columnType(i));
    return new TableAppender(appender, types, columns);
  }

  /** Appends all staged rows and empties the columns. What was appended is part of the current transaction. */
  flush(): void {
    const rows = this.#columns[0].length;
    if (rows === 0) return;
    for (let from = 0; from < rows; from += CHUNK_ROWS) this.#appendChunk(from, Math.min(rows, from + CHUNK_ROWS));
    this.#appender.flushSync();
    this.truncate(0);
  }

  truncate(rows: number): void {
    for (const column of this.#columns) column.truncate(rows);
  }

  get rows(): number {
    return this.#columns[0].length;
  }

  close(): void {
    this.#appender.closeSync();
  }

  #appendChunk(from: number, to: number): void {
    const { chunk } = this.#chunk;
    this.#chunk.reset();
    this.#chunk.rowCount = to - from;
    for (let i = 0; i < this.#columns.length; i++) {
      writeColumn(duckdb.data_chunk_get_vector(chunk, i), this.#columns[i], from, to);
    }
    this.#appender.appendDataChunk(this.#chunk);
  }
}

type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>;

function writeColumn(vector: Vector, column: Column, from: number, to: number): void {
  if (column.kind === 'fixed') writeFixed(vector, column, from, to);
  else if (column.kind === 'bytes') writeBytes(vector, column, from, to);
  else writeLists(vector, column, from, to);
}

function writeFixed(vector: Vector, column: FixedColumn, from: number, to: number): void {
  const { width } = column;
  duckdb.copy_data_to_vector(vector, 0, column.bytes.buffer, from * width, (to - from) * width);
  if (!column.nullable) return;
  validityScratch.fill(0);
  for (let row = from; row < to; row++) {
    if (column.i32[row] !== 0) validityScratch[(row - from) >> 3] |= 1 << ((row - from) & 7);
  }
  writeValidity(vector, to - from);
}

function writeValidity(vector: Vector, rows: number): void {
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, validityScratch.buffer, 0, Math.ceil(rows / 64) * 8);
}

/** Long strings are handed over together, each once, and every row is written as a string_t in one copy. */
function writeBytes(vector: Vector, column: BytesColumn, from: number, to: number): void {
  for (let start = from; start < to; start += CHUNK_ROWS) {
    writeByteRows(vector, column, start, Math.min(to, start + CHUNK_ROWS), start - from);
  }
}

function writeByteRows(vector: Vector, column: BytesColumn, from: number, to: number, at: number): void {
  const { offsets, lengths } = column;
  const { bytes } = column.arena;
  let nulls = false;
  firstRows.fill(-1);
  longStrings.clear();
  for (let row = from; row < to; row++) {
    const length = lengths[row];
    if (length < 0) nulls = true;
    if (length <= INLINE_BYTES) continue;
    const source = sourceOf(offsets, row, from);
    places[row - from] =
      source === row - from ? longStrings.push(bytes, offsets[row], offsets[row] + length) : places[source];
  }
  if (longStrings.length > 0) handOver(vector, at);
  for (let row = from; row < to; row++) {
    const length = lengths[row];
    const target = (row - from) * STRING_WORDS;
    if (length > INLINE_BYTES) writeLong(places[row - from], length, target);
    else writeShort(bytes, offsets[row], length, target);
  }
  const size = (to - from) * STRING_BYTES;
  duckdb.copy_data_to_vector(vector, at * STRING_BYTES, stringScratch.buffer, 0, size);
  if (nulls) writeNulls(vector, lengths, from, to);
}

/** Row of the chunk that brought the bytes of `row`: an earlier one at the same offset if the table still knows it. */
function sourceOf(offsets: Uint32Array, row: number, from: number): number {
  const slot = (Math.imul(offsets[row], 0x9e3779b1) >>> 16) & FIRST_ROWS_MASK;
  const known = firstRows[slot];
  const source = known >= 0 && offsets[from + known] === offsets[row] ? known : row - from;
  firstRows[slot] = source;
  return source;
}

/**
 * Gives DuckDB `longStrings` as one value, in row `at`, which is overwritten afterwards: a call for each string costs more than
 * its copy. Where DuckDB keeps the bytes stands in the string_t of that row.
 */
function handOver(vector: Vector, at: number): void {
  // At least 13 bytes, so that they are not kept in place. What is not UTF-8 would become NULL and leave the row as it is.
  duckdb.copy_data_to_vector(vector, at * STRING_BYTES, emptyString.buffer, 0, STRING_BYTES);
  duckdb.vector_assign_string_element_len(vector, at, longStrings.bytes.subarray(0, longStrings.length));
  const written = duckdb.vector_get_data(vector, (at + 1) * STRING_BYTES).subarray(at * STRING_BYTES);
  new Uint8Array(kept.buffer).set(written);
  if (kept[0] !== longStrings.length) throw new Error('a text to be appended is not valid UTF-8');
}

/** The length, the first bytes, and where all of them stand. */
function writeLong(place: number, length: number, target: number): void {
  const low = kept[2] + place;
  stringWords[target] = length;
  stringWords[target + 1] = longStrings.view.getInt32(place, true);
  stringWords[target + 2] = low;
  stringWords[target + 3] = kept[3] + (low > 0xffff_ffff ? 1 : 0);
}

/** The length, then the bytes, then zeros. */
function writeShort(bytes: Uint8Array, offset: number, length: number, target: number): void {
  stringWords[target] = length > 0 ? length : 0;
  for (let word = 1; word < STRING_WORDS; word++) stringWords[target + word] = 0;
  const at = target * 4 + 4;
  for (let i = 0; i < length; i++) stringScratch[at + i] = bytes[offset + i];
}

function writeNulls(vector: Vector, lengths: Int32Array, from: number, to: number): void {
  validityScratch.fill(0);
  for (let row = from; row < to; row++) {
    if (lengths[row] >= 0) validityScratch[(row - from) >> 3] |= 1 << ((row - from) & 7);
  }
  writeValidity(vector, to - from);
}

function writeLists(vector: Vector, column: ListColumn, from: number, to: number): void {
  const childFrom = column.startOf(from);
  let start = childFrom;
  for (let row = from; row < to; row++) {
    const end = column.ends[row];
    const at = (row - from) * 4;
    entryScratch[at] = start - childFrom;
    entryScratch[at + 2] = end - start;
    start = end;
  }
  duckdb.list_vector_reserve(vector, start - childFrom);
  duckdb.list_vector_set_size(vector, start - childFrom);
  duckdb.copy_data_to_vector(vector, 0, entryScratch.buffer, 0, (to - from) * 16);
  if (start > childFrom) writeColumn(duckdb.list_vector_get_child(vector), column.child, childFrom, start);
}
