import { type DuckDBDataChunk, type DuckDBResult, DuckDBTypeId, JSDuckDBValueConverter } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ResultTable } from '#server/store/query-context.ts';

/** Types whose items are what JavaScript gets. The converter of the node API takes as long again for each value. */
const PLAIN: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.VARCHAR,
]);

/** Reads a result to its end. */
export async function readTable(result: DuckDBResult): Promise<ResultTable> {
  const chunks = await result.fetchAllChunks();
  const names = result.deduplicatedColumnNames();
  const count = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const typeOf = (name: string) => result.columnTypeId(names.indexOf(name));
  return {
    names,
    count,
    values: name => valuesOf(chunks, names.indexOf(name), PLAIN.has(typeOf(name))),
    numbers: name => {
      if (typeOf(name) !== DuckDBTypeId.DOUBLE) throw new Error(`${name} is not a DOUBLE`);
      return numbersOf(chunks, names.indexOf(name), count);
    },
  };
}

function valuesOf(chunks: readonly DuckDBDataChunk[], column: number, isPlain: boolean): unknown[] {
  const values: unknown[] = [];
  for (const chunk of chunks) {
    const vector = chunk.getColumnVector(column);
    const { type } = vector;
    const { rowCount } = chunk;
    for (let row = 0; row < rowCount; row++) {
      const item = vector.getItem(row);
      values.push(isPlain ? item : JSDuckDBValueConverter(item, type, JSDuckDBValueConverter));
    }
  }
  return values;
}

/** By whole vectors: the node API only gives one value at a time (20× slower). */
function numbersOf(chunks: readonly DuckDBDataChunk[], column: number, count: number): Float64Array {
  const numbers = new Float64Array(count);
  const bytes = new Uint8Array(numbers.buffer);
  let at = 0;
  for (const { chunk, rowCount } of chunks) {
    const width = rowCount * Float64Array.BYTES_PER_ELEMENT;
    bytes.set(duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, column), width), at);
    at += width;
  }
  return numbers;
}
