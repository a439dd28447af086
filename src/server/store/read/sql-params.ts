import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  type DuckDBType,
  type DuckDBValue,
  HUGEINT,
  INTEGER,
  LIST,
  listValue,
  SQLNULL,
  UBIGINT,
  UHUGEINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { SqlValue } from '#server/store/query-context.ts';

export interface BoundParams {
  readonly values: Record<string, DuckDBValue>;
  readonly types: Record<string, DuckDBType>;
}

/** Named parameters with the narrowest type that holds each: comparing columns with a wider one would cast the column. */
export function bindParams(params: Readonly<Record<string, SqlValue>>): BoundParams {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [name, value] of Object.entries(params)) {
    [values[name], types[name]] = bindOne(value);
  }
  return { values, types };
}

function bindOne(value: SqlValue): [DuckDBValue, DuckDBType] {
  if (value === undefined) return [null, SQLNULL];
  if (typeof value === 'string') return [value, VARCHAR];
  if (typeof value === 'boolean') return [value, BOOLEAN];
  if (value instanceof Uint8Array) return [blobValue(value), BLOB];
  if (typeof value === 'number' || typeof value === 'bigint') {
    const type = numberType(value);
    return [type === BIGINT ? BigInt(value) : value, type];
  }
  return bindList(value);
}

function bindList(items: readonly (string | number | bigint)[]): [DuckDBValue, DuckDBType] {
  let type: DuckDBType = INTEGER;
  for (const item of items) type = wider(type, typeof item === 'string' ? VARCHAR : numberType(item));
  const converted = items.map(item => {
    if (type === VARCHAR) return String(item);
    return type === INTEGER || type === DOUBLE ? Number(item) : BigInt(item);
  });
  return [listValue(converted), LIST(type)];
}

function numberType(value: number | bigint): DuckDBType {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return DOUBLE;
  if (value >= -2147483648 && value <= 2147483647) return typeof value === 'number' ? INTEGER : BIGINT;
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return BIGINT;
  if (value < 0) return HUGEINT;
  return value < 2n ** 64n ? UBIGINT : UHUGEINT;
}

const byWidth: readonly DuckDBType[] = [INTEGER, BIGINT, UBIGINT, HUGEINT, UHUGEINT, DOUBLE, VARCHAR];

function wider(a: DuckDBType, b: DuckDBType): DuckDBType {
  return byWidth.indexOf(a) >= byWidth.indexOf(b) ? a : b;
}
