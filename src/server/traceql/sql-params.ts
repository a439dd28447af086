import type { QueryContext, ResultTable, SqlRow, SqlValue } from '#server/store/query-context.ts';

/** Collects parameters while SQL text is being put together, and hands each statement those that it names. */
export class SqlBuilder {
  readonly #context: QueryContext;
  readonly #values: SqlValue[] = [];
  readonly #names = new Map<string, string>();

  constructor(context: QueryContext) {
    this.#context = context;
  }

  /** `$v3`, for the text of a statement. */
  text(value: string): string {
    let name = this.#names.get(value);
    if (name === undefined) {
      name = `$v${this.#values.length}`;
      this.#values.push(value);
      this.#names.set(value, name);
    }
    return name;
  }

  /** What queries remember of the store from one to the next. */
  get memory(): QueryContext['memory'] {
    return this.#context.memory;
  }

  rows(sql: string): Promise<SqlRow[]> {
    return this.#context.rows(sql, this.#used(sql));
  }

  columns(sql: string): Promise<Record<string, unknown[]>> {
    return this.#context.columns(sql, this.#used(sql));
  }

  table(sql: string): Promise<ResultTable> {
    return this.#context.table(sql, this.#used(sql));
  }

  /** Tells statements apart that are to be answered anew: the text with its parameters. */
  keyOf(sql: string): string {
    return `${sql}\n${JSON.stringify(this.#used(sql))}`;
  }

  #used(sql: string): Record<string, SqlValue> {
    const used: Record<string, SqlValue> = {};
    for (const [, index] of sql.matchAll(/\$v(\d+)/g)) used[`v${index}`] = this.#values[Number(index)];
    return used;
  }
}

/** An integer as SQL. Only for numbers of our own (ids, times), never for text. */
export function sqlInt(value: bigint | number): string {
  return value.toString();
}

/** A float as SQL; finite. */
export function sqlDouble(value: number): string {
  return `${value}::double`;
}
