import type { DuckDBConnection } from '@duckdb/node-api';
import type { TraceId } from '#domain/ids.ts';
import { isFatal } from './fault.ts';
import { queries } from './queries.ts';
import type { QueryContext, QueryRequest, SegmentRef } from './query-context.ts';
import type { AssembledTrace } from './read/assemble-trace.ts';
import { QueryRunner } from './read/query-runner.ts';
import { traceQuery } from './read/trace-query.ts';
import { RightOfWay } from './right-of-way.ts';
import type { StoreDatabase } from './store-database.ts';

const READY_DEADLINE_MS = 1_000;
const READ_DEADLINE_MS = 30_000;

/** What reading needs of the rest of the store. */
export interface ReadHooks {
  /** Takes the segments that a failed statement read out of the reach of queries, where they are damaged. */
  quarantine(connection: DuckDBConnection, sql: string): Promise<boolean>;
  /** A read met an instance that DuckDB gave up: resolves when there is another, or when none can be had. */
  recover(): Promise<void>;
}

/** All reading: queries two at a time, and short reads on a connection that no long query holds. */
export class Reads {
  readonly #store: StoreDatabase;
  readonly #hooks: ReadHooks;
  readonly #queries: QueryRunner;
  /** Traces by id and the readiness probe. */
  readonly #points: QueryRunner;
  readonly #way = new RightOfWay();
  /** Names the store's own reads; requests count upwards from 1. */
  #nextOwn = -1;

  constructor(store: StoreDatabase, hooks: ReadHooks) {
    this.#store = store;
    this.#hooks = hooks;
    const scope = {
      baggageKeys: store.options.settings.baggageKeys,
      segments: (startNs: bigint, endNs: bigint) => this.#store.catalog.overlapping(startNs, endNs),
      quarantine: (connection: DuckDBConnection, sql: string) => hooks.quarantine(connection, sql),
    };
    this.#queries = new QueryRunner(scope, store.connections.readers);
    this.#points = new QueryRunner(scope, [store.connections.pointReader]);
  }

  /** A registered query. */
  query(id: number, request: QueryRequest, deadlineMs: number): Promise<unknown> {
    const query = queries[request.kind];
    if (query === undefined) return Promise.reject(new Error(`there is no query ${JSON.stringify(request.kind)}`));
    return this.#way.during(() =>
      this.#again(() => this.#queries.run(id, context => query(context, request.args as never), deadlineMs)),
    );
  }

  /** A short read, beside the queries. */
  run<T>(id: number, read: (context: QueryContext) => Promise<T>, deadlineMs = READ_DEADLINE_MS): Promise<T> {
    return this.#way.during(() => this.#again(() => this.#points.run(id, read, deadlineMs)));
  }

  /** What one segment holds of a trace. */
  traceIn(segment: SegmentRef, traceId: TraceId): Promise<AssembledTrace | undefined> {
    // A copy: its figures must not change under the read.
    const only = { ...segment };
    const read = (context: QueryContext) => traceQuery({ ...context, segments: () => [only] }, traceId);
    return this.#points.run(this.#nextOwn--, read, READ_DEADLINE_MS);
  }

  /** Rejects unless DuckDB answers within a second. */
  async probe(): Promise<void> {
    await this.run(this.#nextOwn--, context => context.rows('select 1'), READY_DEADLINE_MS);
  }

  stop(id: number): void {
    this.#queries.stop(id, 'aborted');
  }

  /** Before a group of spans is written: resolves when what has just begun to read has ended, or soon after. */
  goFirst(): Promise<void> {
    return this.#way.give();
  }

  /** Whether a query or a read is under way. */
  get isBusy(): boolean {
    return this.#queries.isBusy || this.#points.isBusy;
  }

  /** Ends everything that runs; resolves when nothing does. */
  async stopAll(): Promise<void> {
    for (const runner of [this.#queries, this.#points]) {
      runner.stopAll('closed');
      await runner.idle();
    }
  }

  /** After `StoreDatabase.reopen`. */
  reconnect(): void {
    this.#queries.replaceConnections(this.#store.connections.readers);
    this.#points.replaceConnections([this.#store.connections.pointReader]);
  }

  /** Once more with a new instance when the one it met was invalidated by something else, or had a damaged small table. */
  async #again<T>(read: () => Promise<T>): Promise<T> {
    const { connections } = this.#store;
    try {
      return await read();
    } catch (cause) {
      if (!isFatal(cause) && !this.#store.isMetaDamaged) throw cause;
      if (connections === this.#store.connections) this.#store.isBroken = true;
      await this.#hooks.recover();
      return await read();
    }
  }
}
