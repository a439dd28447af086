/** Parameters are named `$name` in the SQL. Integers become INTEGER or BIGINT, bigints BIGINT, UBIGINT or UHUGEINT by size. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | undefined
  | readonly string[]
  | readonly number[]
  | readonly bigint[];

/**
 * BIGINT and wider arrive as bigint, INTEGER and narrower as number, lists as arrays, BLOB as Uint8Array, NULL as null.
 */
export type SqlRow = Record<string, unknown>;

/** The result of a statement, still as DuckDB keeps it. */
export interface ResultTable {
  readonly names: readonly string[];
  readonly count: number;
  /** As `QueryContext.columns` gives them. */
  values(name: string): unknown[];
  /** A column of DOUBLE without NULLs. */
  numbers(name: string): Float64Array;
}

/** What a query function sees of the store. One connection per query; its statements run one after another. */
export interface QueryContext {
  /** Runs one SELECT. Rejects when the deadline passes or the caller went away; let that through. */
  rows(sql: string, params?: Readonly<Record<string, SqlValue>>): Promise<SqlRow[]>;
  /** As `rows`, but one array per column: cheaper for long results. */
  columns(sql: string, params?: Readonly<Record<string, SqlValue>>): Promise<Record<string, unknown[]>>;
  /** As `columns`, turned into JavaScript's values column by column when they are asked for: for tens of thousands of rows. */
  table(sql: string, params?: Readonly<Record<string, SqlValue>>): Promise<ResultTable>;
  /** Segments that hold a span overlapping [startNs, endNs), newest first. Unix ns. */
  segments(startNs: bigint, endNs: bigint): readonly SegmentRef[];
  /** As configured; an entry that ends in '.' is a prefix. */
  readonly baggageKeys: readonly string[];
  /** What queries remember of the store from one to the next; each under a key of its own. */
  readonly memory: Map<string, unknown>;
}

/** Tables of the segment are `spans_<id>`, `attr_values_<id>`, …: `segmentTable('spans', segment.id)`. */
export interface SegmentRef {
  readonly id: number;
  /** Orders segments by arrival. Unlike the id it stays when the segment is compacted, as `row_id` does. */
  readonly place: number;
  readonly minStartNs: bigint;
  readonly maxEndNs: bigint;
  readonly spanCount: number;
  /**
   * Span attribute key (scope 0) → the column of `spans_<id>` that holds the id of its value, NULL where absent. These keys
   * are not repeated in `attrs`. Differs between segments when the configuration changed.
   */
  readonly promoted: ReadonlyMap<string, string>;
  /** Whether its spans say who their parent is (`schema/segment.sql.ts`). */
  readonly hasParents: boolean;
}

export interface QueryRequest {
  readonly kind: string;
  /** Structured-cloned into the worker. */
  readonly args: unknown;
}

/**
 * Answers one kind of query; the result is structured-cloned back. A table may vanish between `segments()` and `rows()`
 * (retention): the whole function is then run once more.
 */
export type QueryFunction = (context: QueryContext, args: never) => Promise<unknown>;
