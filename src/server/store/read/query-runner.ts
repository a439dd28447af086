import type { DuckDBConnection } from '@duckdb/node-api';
import { isDamage, isOutOfMemory } from '#server/store/fault.ts';
import type { QueryContext, ResultTable, SegmentRef, SqlRow, SqlValue } from '#server/store/query-context.ts';
import { QueryStopped } from '#server/store/store-types.ts';
import { readTable } from './result-table.ts';
import { bindParams } from './sql-params.ts';

/** Queries that may wait for a connection; more are refused. */
const MAX_WAITING = 64;
const INTERRUPT_MS = 20;
/** How often the segments of one query may change under it. */
const MAX_MISSED = 5;

/** What a query function is given besides its connection. */
export interface QueryScope {
  readonly baggageKeys: readonly string[];
  segments(startNs: bigint, endNs: bigint): readonly SegmentRef[];
  /**
   * A statement met a damaged block: takes the segments out of `segments` that it read and that cannot be read whole.
   * Whether there were any, so that the query may succeed without them.
   */
  quarantine(connection: DuckDBConnection, sql: string): Promise<boolean>;
}

interface Running {
  readonly connection: DuckDBConnection;
  /** The statement that met a damaged block. */
  damagedSql: string | undefined;
  stopped: QueryStopped['reason'] | undefined;
  again: NodeJS.Timeout | undefined;
}

/** Runs queries on a few connections; the rest wait their turn. Stops them by deadline or when the caller gave up. */
export class QueryRunner {
  readonly #scope: QueryScope;
  readonly #memory = new Map<string, unknown>();
  #free: DuckDBConnection[];
  readonly #running = new Map<number, Running>();
  readonly #waiting: {
    readonly id: number;
    readonly start: (connection: DuckDBConnection) => void;
    readonly refuse: (cause: QueryStopped) => void;
  }[] = [];

  constructor(scope: QueryScope, connections: readonly DuckDBConnection[]) {
    this.#scope = scope;
    this.#free = [...connections];
  }

  /** `id` names the query for `stop`. Rejects with `QueryStopped`, or with what `read` threw. */
  async run<T>(id: number, read: (context: QueryContext) => Promise<T>, deadlineMs: number): Promise<T> {
    const deadline = setTimeout(() => this.stop(id, 'deadline'), deadlineMs);
    try {
      const connection = await this.#acquire(id);
      const running: Running = { connection, damagedSql: undefined, stopped: undefined, again: undefined };
      this.#running.set(id, running);
      try {
        return await this.#attempt(running, read);
      } finally {
        clearInterval(running.again);
        this.#running.delete(id);
        this.#release(connection);
      }
    } finally {
      clearTimeout(deadline);
    }
  }

  stop(id: number, reason: QueryStopped['reason']): void {
    const running = this.#running.get(id);
    if (running !== undefined) {
      if (running.stopped !== undefined) return;
      running.stopped = reason;
      running.connection.interrupt();
      // DuckDB forgets an interrupt that comes just before its statement begins.
      running.again = setInterval(() => running.connection.interrupt(), INTERRUPT_MS);
      return;
    }
    const index = this.#waiting.findIndex(waiting => waiting.id === id);
    if (index >= 0) this.#waiting.splice(index, 1)[0].refuse(new QueryStopped(reason));
  }

  stopAll(reason: QueryStopped['reason']): void {
    for (const { id } of [...this.#waiting]) this.stop(id, reason);
    for (const id of this.#running.keys()) this.stop(id, reason);
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Resolves once no query runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await new Promise(resolve => setImmediate(resolve));
  }

  /** After the database was reopened. Only when idle. */
  replaceConnections(connections: readonly DuckDBConnection[]): void {
    this.#free = [...connections];
    // What was lost with the old instance may have left its ids to others.
    this.#memory.clear();
    while (this.#free.length > 0 && this.#waiting.length > 0) this.#waiting.shift()?.start(this.#free.pop()!);
  }

  /** Again if tables went away under it (retention drops them whole), or without segments that turn out damaged. */
  async #attempt<T>(running: Running, read: (context: QueryContext) => Promise<T>): Promise<T> {
    let missed = 0;
    while (true) {
      running.damagedSql = undefined;
      try {
        return await read(this.#context(running));
      } catch (cause) {
        if (running.stopped !== undefined) throw new QueryStopped(running.stopped);
        if (isOutOfMemory(cause)) throw new QueryStopped('memory');
        if (running.damagedSql !== undefined) {
          if (!(await this.#scope.quarantine(running.connection, running.damagedSql))) throw cause;
        } else if (missed === MAX_MISSED || !isMissingTable(cause)) throw cause;
        else missed++;
      }
    }
  }

  #context(running: Running): QueryContext {
    const read = async (sql: string, params: Readonly<Record<string, SqlValue>>): Promise<ResultTable> => {
      if (running.stopped !== undefined) throw new QueryStopped(running.stopped);
      const { values, types } = bindParams(params);
      try {
        return await readTable(await running.connection.run(sql, values, types));
      } catch (cause) {
        if (isDamage(cause)) running.damagedSql = sql;
        // Typed here too: a function that catches its own errors must not take the interrupt for one of them.
        throw running.stopped === undefined ? cause : new QueryStopped(running.stopped);
      }
    };
    return {
      baggageKeys: this.#scope.baggageKeys,
      memory: this.#memory,
      segments: (startNs, endNs) => this.#scope.segments(startNs, endNs),
      rows: async (sql, params = {}) => rowsOf(await read(sql, params)),
      columns: async (sql, params = {}) => columnsOf(await read(sql, params)),
      table: async (sql, params = {}) => await read(sql, params),
    };
  }

  #acquire(id: number): Promise<DuckDBConnection> {
    const connection = this.#free.pop();
    if (connection !== undefined) return Promise.resolve(connection);
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(new QueryStopped('busy'));
    return new Promise((start, refuse) => {
      this.#waiting.push({ id, start, refuse });
    });
  }

  #release(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(connection);
    else next.start(connection);
  }
}

function columnsOf(table: ResultTable): Record<string, unknown[]> {
  return Object.fromEntries(table.names.map(name => [name, table.values(name)]));
}

function rowsOf(table: ResultTable): SqlRow[] {
  const columns = Object.entries(columnsOf(table));
  return Array.from({ length: table.count }, (_, i) =>
    Object.fromEntries(columns.map(([name, list]) => [name, list[i]])),
  );
}

function isMissingTable(cause: unknown): boolean {
  return cause instanceof Error && /Catalog Error: Table with name .* does not exist/.test(cause.message);
}
