import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { SpanKind, trace } from '@opentelemetry/api';
import { fail } from './fail.ts';

type Row = Record<string, string | number>;

export interface Database {
  /** Runs a statement once per row, before the service serves: not traced. */
  load(sql: string, rows: readonly SQLInputValue[][]): void;
  /** Runs a query and returns its rows. */
  all(sql: string, ...values: SQLInputValue[]): Promise<Row[]>;
  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): Promise<number>;
}

/** The way to a database that is not in the same process, as a shop's would not be: 1 to 7 ms, mostly short. */
const roundTrip = () => wait(1 + Math.random() ** 3 * 6);

/** An SQLite database in memory whose statements are spans: no automatic instrumentation covers node:sqlite. */
export function openDatabase(namespace: string, schema: string): Database {
  const database = new DatabaseSync(':memory:');
  database.exec(schema);
  const tracer = trace.getTracer('shop-database');

  function traced<T>(sql: string, execute: () => T, rowsOf: (result: T) => number): Promise<T> {
    const { operation, collection } = summarise(sql);
    const summary = `${operation} ${collection}`.trim();
    const attributes = {
      'db.system.name': 'sqlite',
      'db.namespace': namespace,
      'db.operation.name': operation,
      'db.collection.name': collection,
      'db.query.summary': summary,
      'db.query.text': sql,
    };
    return tracer.startActiveSpan(summary, { kind: SpanKind.CLIENT, attributes }, async span => {
      try {
        await roundTrip();
        const result = execute();
        span.setAttribute('db.response.returned_rows', rowsOf(result));
        return result;
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  return {
    load(sql, rows) {
      const statement = database.prepare(sql);
      for (const row of rows) statement.run(...row);
    },
    all: (sql, ...values) =>
      traced(
        sql,
        () => database.prepare(sql).all(...values) as Row[],
        rows => rows.length,
      ),
    run: (sql, ...values) =>
      traced(
        sql,
        () => Number(database.prepare(sql).run(...values).changes),
        () => 0,
      ),
  };
}

function summarise(sql: string): { operation: string; collection: string } {
  const operation = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? '';
  const collection = /\b(?:from|into|update)\s+(\w+)/i.exec(sql)?.[1] ?? '';
  return { operation, collection };
}
