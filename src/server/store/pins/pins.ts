import { randomBytes } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { GonePin, Pin, PinAnswer, PinChange, PinList } from '#domain/api/pin-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { isFatal, messageOf } from '#server/store/fault.ts';
import type { QueryContext, SqlRow, SqlValue } from '#server/store/query-context.ts';
import { bindParams } from '#server/store/read/sql-params.ts';
import { traceQuery } from '#server/store/read/trace-query.ts';
import type { StoreDatabase } from '#server/store/store-database.ts';
import { bytesOf, packTrace, unpackTrace } from './packed-trace.ts';
import type { PinFilter, PinRecord, PinRefusal } from './pin-requests.ts';
import { insertPin, pinAnswer, pinParams } from './pin-rows.ts';
import { pinSummary } from './pin-summary.ts';
import { removeCarried } from './pinned-rows.ts';

/** Gone pins are remembered so long, for links that still lead to them. */
const GONE_KEPT_MS = 400 * 86_400_000;
const DEFAULT_MAX_BYTES = 2 ** 30;
const MIB = 1024 * 1024;

/** What pins need of the store around them. */
export interface PinsHost {
  readonly store: StoreDatabase;
  run<T>(id: number, read: (context: QueryContext) => Promise<T>): Promise<T>;
  /** Runs `task` when no transaction is open. */
  exclusively(task: () => Promise<void>): Promise<void>;
}

/** Copies of traces outside segments and retention. What a call resolves to is committed. */
export class Pins {
  readonly #host: PinsHost;

  constructor(host: PinsHost) {
    this.#host = host;
  }

  async create(id: number, record: PinRecord): Promise<Result<Pin, PinRefusal>> {
    for (;;) {
      const before = this.#host.store.catalog.all.map(({ place }) => place);
      const otlp = record.otlp ?? (await this.#host.run(id, context => traceQuery(context, record.traceId)))?.bytes;
      if (otlp === undefined) return refused('no-trace', 'there is no such trace; nothing was pinned');
      const atUnixMs = this.#host.store.options.nowMs();
      if (record.expiresUnixMs !== undefined && record.expiresUnixMs <= atUnixMs) {
        return refused('invalid', 'expiresUnixMs lies in the past; name a later time or leave it out');
      }
      // What retention drops between the two would not be carried over for this pin.
      let isPruned = false;
      const unless = () => {
        const now = new Set(this.#host.store.catalog.all.map(({ place }) => place));
        isPruned = record.otlp === undefined && !before.every(place => now.has(place));
        return isPruned;
      };
      const added = await this.add(record, otlp, { atUnixMs, unless });
      if (!isPruned) return added;
    }
  }

  /**
   * `maxBytes`: what all pins together may take; by default as configured. `also` runs in the same transaction. `unless`:
   * asked in it, before anything is written, whether to leave it.
   */
  async add(
    record: PinRecord,
    otlp: Uint8Array,
    { atUnixMs, maxBytes = this.#maxBytes, also, unless }: AddOptions,
  ): Promise<Result<Pin, PinRefusal>> {
    const summary = await pinSummary(record.traceId, otlp);
    if (!summary.ok) return refused('invalid', `the trace cannot be read as OTLP, ${summary.error}`);
    const parts = await packTrace(otlp);
    const bytes = bytesOf(parts);
    const pin = randomBytes(16).toString('hex');
    let full: string | undefined;
    try {
      await this.#write(async connection => {
        if (unless?.() === true) return;
        const used = await usedBytes(connection, atUnixMs);
        if (used + bytes > maxBytes) {
          full = fullText(bytes, used, maxBytes);
          return;
        }
        await run(connection, insertPin, pinParams(pin, record, summary.value, { bytes, atUnixMs }));
        await insertParts(connection, pin, parts);
        await also?.(connection);
      });
    } catch (cause) {
      return refused('unavailable', `the pin could not be written: ${messageOf(cause)}`);
    }
    if (full !== undefined) return refused('full', full);
    const { expiresUnixMs, note = '', by = '', otlp: _, ...rest } = record;
    const more = { note, by, atUnixMs, ...(expiresUnixMs !== undefined && { expiresUnixMs }) };
    return ok({ ...rest, ...more, id: pin, bytes, summary: summary.value });
  }

  list(id: number, { find, traceId, limit }: PinFilter): Promise<PinList> {
    const now = this.#host.store.options.nowMs();
    const params = { now, find: find.toLowerCase(), trace: traceId === undefined ? 0n : BigInt(`0x${traceId}`) };
    const where = [
      KEPT,
      ...(find === '' ? [] : [MATCHES]),
      ...(traceId === undefined ? [] : ['trace_id = $trace::uhugeint']),
    ].join(' and ');
    return this.#host.run(id, async context => {
      const used = Object.fromEntries(Object.entries(params).filter(([name]) => where.includes(`$${name}`)));
      const rows = await context.rows(
        `select *, count(*) over () as matching from pins where ${where} order by at_unix_ms desc, id limit $limit`,
        { ...used, limit },
      );
      const [all] = await context.rows(
        `select count(*) as n, coalesce(sum(bytes), 0)::bigint as bytes from pins where ${KEPT}`,
        { now },
      );
      return {
        pins: rows.flatMap(row => {
          const answer = pinAnswer(row, now);
          return answer.state === 'kept' ? [answer.pin] : [];
        }),
        matching: Number(rows[0]?.matching ?? 0),
        total: Number(all.n),
        usedBytes: Number(all.bytes),
        maxBytes: this.#maxBytes,
      };
    });
  }

  async find(id: number, pin: string): Promise<PinAnswer | undefined> {
    const row = await this.#row(id, pin);
    return row && pinAnswer(row, this.#host.store.options.nowMs());
  }

  /** The pin of a trace that went last, if none is kept: what a link to the trace lost with it. */
  async lastGone(context: QueryContext, traceId: bigint): Promise<GonePin | undefined> {
    const rows = await context.rows(
      'select * from pins where trace_id = $trace::uhugeint order by gone_unix_ms desc nulls first limit 1',
      { trace: traceId },
    );
    const answer = rows[0] && pinAnswer(rows[0], this.#host.store.options.nowMs());
    return answer?.state === 'gone' ? answer.gone : undefined;
  }

  async change(id: number, pin: string, { note, expiresUnixMs }: PinChange): Promise<PinAnswer | undefined> {
    const found = await this.find(id, pin);
    if (found?.state !== 'kept') return found;
    await this.#write(async connection => {
      if (note !== undefined) await run(connection, `update pins set note = $note ${OF_PIN}`, { note, pin });
      if (expiresUnixMs === undefined) return;
      const expires = expiresUnixMs ?? undefined;
      await run(connection, `update pins set expires_unix_ms = $expires::bigint ${OF_PIN}`, { expires, pin });
    });
    return await this.find(id, pin);
  }

  async remove(id: number, pin: string): Promise<PinAnswer | undefined> {
    const found = await this.find(id, pin);
    if (found?.state !== 'kept') return found;
    const now = this.#host.store.options.nowMs();
    await this.giveUp([{ pin, traceId: BigInt(`0x${found.pin.traceId}`), goneUnixMs: now, reason: 'removed' }]);
    return await this.find(id, pin);
  }

  /** The OTLP of a pin; undefined where it is not kept. */
  async trace(id: number, pin: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if ((await this.find(id, pin))?.state !== 'kept') return undefined;
    const rows = await this.#host.run(id, context =>
      context.rows('select bytes from pin_parts where pin = $pin order by part', { pin }),
    );
    return rows.length === 0 ? undefined : await unpackTrace(rows.map(({ bytes }) => bytes as Uint8Array));
  }

  /** Gives up what has expired and forgets what is gone for long. With no transaction open. */
  async sweep(): Promise<void> {
    const { connections, options } = this.#host.store;
    const now = options.nowMs();
    const rows = await read(
      connections.write,
      'select id, trace_id, expires_unix_ms from pins where gone_unix_ms is null and expires_unix_ms <= $now',
      { now },
    );
    const expired = rows.map(({ id, trace_id: traceId, expires_unix_ms: at }) => {
      return { pin: String(id), traceId: traceId as bigint, goneUnixMs: Number(at), reason: 'expired' as const };
    });
    if (expired.length > 0) await this.#removeNow(expired);
    const forgotten = { before: now - GONE_KEPT_MS };
    await run(connections.write, 'delete from pins where gone_unix_ms < $before', forgotten);
  }

  /** Kept pins whose copy has not the size that it was written with. Parts of no kept pin are removed. */
  async torn(): Promise<readonly TornPin[]> {
    await this.#write(connection =>
      run(connection, 'delete from pin_parts where pin not in (select id from pins where gone_unix_ms is null)', {}),
    );
    const rows = await this.#host.run(-1, context => context.rows(TORN));
    return rows.map(({ id, trace_id: traceId, is_stored: isStored }) => {
      return { pin: String(id), traceId: traceId as bigint, isStored: isStored === true };
    });
  }

  /** Writes the copy of a pin anew. */
  async restore(pin: string, otlp: Uint8Array): Promise<void> {
    const parts = await packTrace(otlp);
    await this.#write(async connection => {
      await run(connection, 'delete from pin_parts where pin = $pin', { pin });
      await insertParts(connection, pin, parts);
      await run(connection, `update pins set bytes = $bytes ${OF_PIN}`, { bytes: bytesOf(parts), pin });
    });
  }

  get #maxBytes(): number {
    return this.#host.store.options.settings.pinsMaxBytes ?? DEFAULT_MAX_BYTES;
  }

  async #row(id: number, pin: string): Promise<SqlRow | undefined> {
    const rows = await this.#host.run(id, context => context.rows(`select * from pins ${OF_PIN}`, { pin }));
    return rows[0];
  }

  /** With the reason that each names. */
  giveUp(gone: readonly Going[]): Promise<void> {
    return this.#host.exclusively(() => this.#removeNow(gone));
  }

  /** Rows of the trace that retention had carried over go too, unless another pin of the trace is kept. */
  async #removeNow(going: readonly Going[]): Promise<void> {
    const copies = this.#host.store.catalog.all.filter(({ origin, isDamaged }) => origin === 'pinned' && !isDamaged);
    const removed: ReadonlyMap<(typeof copies)[number], number>[] = [];
    await this.#transaction(async connection => {
      for (const { pin, traceId, goneUnixMs, reason } of going) {
        await run(connection, FORGET, { pin, at: goneUnixMs, reason });
        await run(connection, 'delete from pin_parts where pin = $pin', { pin });
        const others = await read(
          connection,
          'select 1 from pins where trace_id = $trace::uhugeint and is_stored and gone_unix_ms is null limit 1',
          { trace: traceId },
        );
        if (others.length === 0) removed.push(await removeCarried(connection, traceId, copies));
      }
    });
    for (const each of removed) for (const [segment, spans] of each) segment.spanCount -= spans;
  }

  #write(task: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    return this.#host.exclusively(async () => {
      const { disk } = this.#host.store;
      disk.check();
      if (disk.low !== undefined) throw new Error(disk.low);
      await this.#transaction(task);
    });
  }

  async #transaction(task: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    const { store } = this.#host;
    const connection = store.connections.write;
    try {
      await connection.run('begin');
      await task(connection);
      await connection.run('commit');
      store.wrote();
    } catch (cause) {
      await connection.run('rollback').catch(() => undefined);
      // The next maintenance opens the database anew.
      if (isFatal(cause)) store.isBroken = true;
      throw cause;
    }
  }
}

export interface AddOptions {
  readonly atUnixMs: number;
  readonly maxBytes?: number;
  readonly also?: (connection: DuckDBConnection) => Promise<void>;
  readonly unless?: () => boolean;
}

/** A pin whose copy is not whole. */
export interface TornPin {
  readonly pin: string;
  readonly traceId: bigint;
  readonly isStored: boolean;
}

export interface Going {
  readonly pin: string;
  readonly traceId: bigint;
  readonly goneUnixMs: number;
  readonly reason: GonePin['reason'];
}

const KEPT = 'gone_unix_ms is null and (expires_unix_ms is null or expires_unix_ms > $now)';
const OF_PIN = 'where id = $pin';
const MATCHES = `contains(lower(concat_ws(chr(10), note, by_name, root_service || ' ' || root_name, source_name, id,
lpad(hex(trace_id), 32, '0'))), $find)`;
/** Whoever removes a pin does not want its words to stay either. */
const FORGET = `update pins set gone_unix_ms = $at, gone_reason = $reason, note = '', by_name = '', view_search = '',
root_name = '', bytes = 0 where id = $pin`;

const TORN = `select id, trace_id, is_stored from pins
left join (select pin, sum(octet_length(bytes)) as found from pin_parts group by pin) on pin = id
where gone_unix_ms is null and coalesce(found, 0) <> bytes`;

async function insertParts(connection: DuckDBConnection, pin: string, parts: readonly Uint8Array[]): Promise<void> {
  for (const [part, some] of parts.entries()) {
    await run(connection, 'insert into pin_parts values ($pin, $part, $some)', { pin, part, some });
  }
}

async function usedBytes(connection: DuckDBConnection, nowMs: number): Promise<number> {
  const [row] = await read(connection, `select coalesce(sum(bytes), 0)::bigint as used from pins where ${KEPT}`, {
    now: nowMs,
  });
  return Number(row.used);
}

function fullText(bytes: number, used: number, max: number): string {
  const mib = (n: number) => `${(n / MIB).toFixed(n < 10 * MIB ? 1 : 0)} MiB`;
  return (
    `pins take ${mib(used)} of ${mib(max)}, and this trace needs ${mib(bytes)} more; ` +
    'remove pins that are no longer needed, or raise pinsMaxBytes'
  );
}

async function run(
  connection: DuckDBConnection,
  sql: string,
  params: Readonly<Record<string, SqlValue>>,
): Promise<void> {
  const { values, types } = bindParams(params);
  await connection.run(sql, values, types);
}

async function read(
  connection: DuckDBConnection,
  sql: string,
  params: Readonly<Record<string, SqlValue>>,
): Promise<SqlRow[]> {
  const { values, types } = bindParams(params);
  return (await connection.runAndReadAll(sql, values, types)).getRowObjectsJS() as SqlRow[];
}

function refused(reason: PinRefusal['reason'], message: string): Result<never, PinRefusal> {
  return err({ reason, message });
}
