import type { DuckDBConnection } from '@duckdb/node-api';
import type { FirstIds } from './append/segment-writer.ts';
import { isDamage } from './fault.ts';
import type { SegmentRef } from './query-context.ts';
import { bindParams } from './read/sql-params.ts';
import { buildingSql, PARENT_COLUMN, segmentSql } from './schema/segment.sql.ts';
import { buildingTable, segmentTable, segmentTables } from './schema/segment-table.ts';

/** `pinned`: copies of pinned traces out of segments that retention has dropped. */
export type SegmentOrigin = 'live' | 'sample' | 'pinned';

export interface Segment extends SegmentRef {
  readonly origin: SegmentOrigin;
  readonly openedUnixMs: number;
  readonly promotedKeys: readonly string[];
  closedUnixMs: number | undefined;
  /** undefined while it holds no span with a start. */
  bounds: { readonly minStartNs: bigint; readonly maxEndNs: bigint } | undefined;
  spanCount: number;
  compactedUnixMs: number | undefined;
  /** A block of it cannot be read: queries leave it out. Found anew after each start. */
  isDamaged: boolean;
}

/** That retention dropped a segment, when and why. */
export interface Pruning {
  readonly atUnixMs: number;
  readonly reason: 'age' | 'size';
}

/**
 * The segments, as last committed. The table `segments` is written when one is opened, closed or dropped; figures of an open
 * one are kept here and recomputed at start.
 */
export class SegmentCatalog {
  readonly #connection: DuckDBConnection;
  #segments = new Map<number, Segment>();
  #nextId = 1;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async load(connection: DuckDBConnection): Promise<SegmentCatalog> {
    const catalog = new SegmentCatalog(connection);
    const pruned = await connection.runAndReadAll('select coalesce(max(segment), 0) from pruned');
    catalog.#nextId = Number(pruned.getRows()[0][0]) + 1;
    const rows = await connection.runAndReadAll('select * from segments order by place');
    const withParents = await tablesWithParents(connection);
    for (const row of rows.getRowObjectsJS()) {
      const segment = newSegment(
        Number(row.id),
        row.origin as SegmentOrigin,
        Number(row.opened_unix_ms),
        row.promoted as string[],
        Number(row.place),
        withParents.has(segmentTable('spans', Number(row.id))),
      );
      segment.compactedUnixMs = row.compacted_unix_ms === null ? undefined : Number(row.compacted_unix_ms);
      segment.closedUnixMs = row.closed_unix_ms === null ? undefined : Number(row.closed_unix_ms);
      segment.spanCount = Number(row.span_count);
      const [minStartNs, maxEndNs] = [row.min_start_ns as bigint, row.max_end_ns as bigint];
      segment.bounds = minStartNs <= maxEndNs ? { minStartNs, maxEndNs } : undefined;
      if (segment.closedUnixMs === undefined) await catalog.#recountIfReadable(segment);
      catalog.#segments.set(segment.id, segment);
      catalog.#nextId = Math.max(catalog.#nextId, segment.id + 1);
    }
    return catalog;
  }

  /** In order of arrival. */
  get all(): readonly Segment[] {
    return [...this.#segments.values()];
  }

  openOne(origin: SegmentOrigin): Segment | undefined {
    return this.all.findLast(segment => segment.origin === origin && segment.closedUnixMs === undefined);
  }

  /** Those that overlap [startNs, endNs), newest first. */
  overlapping(startNs: bigint, endNs: bigint): readonly Segment[] {
    const found = this.all.filter(
      ({ bounds, spanCount, isDamaged }) =>
        !isDamaged &&
        spanCount > 0 &&
        (bounds === undefined || (bounds.minStartNs < endNs && bounds.maxEndNs >= startNs)),
    );
    return found.sort((a, b) => Number(b.maxEndNs > a.maxEndNs) - Number(b.maxEndNs < a.maxEndNs) || b.place - a.place);
  }

  /** Creates the tables of a new segment. Runs its own transaction; a checkpoint should follow (DDL in the log). */
  async create(origin: SegmentOrigin, promotedKeys: readonly string[], nowMs: number): Promise<Segment> {
    const segment = newSegment(this.#nextId, origin, nowMs, promotedKeys, this.#nextId, false);
    await this.#transaction(async connection => {
      await connection.run(segmentSql(segment.id, promotedKeys.length));
      const { values, types } = bindParams({
        id: segment.id,
        origin,
        opened: nowMs,
        min: NO_BOUNDS.minStartNs,
        max: NO_BOUNDS.maxEndNs,
        promoted: promotedKeys,
      });
      await connection.run(insertSegment, values, types);
    });
    this.#nextId++;
    this.#segments.set(segment.id, segment);
    return segment;
  }

  /** Creates the tables that a compacted copy of `source` is built in. As after `create`, a checkpoint should follow. */
  async createBuilding(source: Segment): Promise<number> {
    const id = this.#nextId++;
    await this.#transaction(async connection => {
      await connection.run(buildingSql(id, source.promotedKeys.length));
    });
    return id;
  }

  /** Puts the finished copy in the place of `source`, in one transaction. */
  async replace(source: Segment, id: number, spanCount: number, nowMs: number): Promise<Segment> {
    const copy = newSegment(id, source.origin, source.openedUnixMs, source.promotedKeys, source.place, true);
    copy.closedUnixMs = source.closedUnixMs;
    copy.compactedUnixMs = nowMs;
    copy.bounds = source.bounds;
    copy.spanCount = spanCount;
    await this.#transaction(async connection => {
      for (const table of segmentTables) {
        await connection.run(`drop table ${segmentTable(table, source.id)}`);
        await connection.run(`alter table ${buildingTable(table, id)} rename to ${segmentTable(table, id)}`);
      }
      const { values, types } = bindParams({ id, source: source.id, spans: spanCount, now: nowMs });
      await connection.run(replaceSegment, values, types);
    });
    this.#segments = new Map(this.all.map(segment => (segment === source ? [id, copy] : [segment.id, segment])));
    return copy;
  }

  /** First free numbers of a segment (and, over all segments, of row_id). */
  async firstIds(segment: Segment): Promise<FirstIds> {
    const attrs = await this.#number(`select coalesce(max(id), 0) from ${segmentTable('attr_values', segment.id)}`);
    const resources = await this.#number(`select coalesce(max(id), 0) from ${segmentTable('resources', segment.id)}`);
    const scopes = await this.#number(`select coalesce(max(id), 0) from ${segmentTable('scopes', segment.id)}`);
    const blocks = await this.#number(`select coalesce(max(id), 0) from ${segmentTable('blocks', segment.id)}`);
    let rowId = 0;
    for (const other of this.all) {
      // The rows of a damaged segment are not offered to queries, so that their numbers may come again.
      if (other.isDamaged) continue;
      const last = await this.#number(`select coalesce(max(row_id), 0) from ${segmentTable('spans', other.id)}`);
      rowId = Math.max(rowId, last);
    }
    return { rowId: rowId + 1, attrId: attrs + 1, ownerId: Math.max(resources, scopes) + 1, blockId: blocks + 1 };
  }

  async close(segment: Segment, nowMs: number): Promise<void> {
    const { values, types } = bindParams({
      now: nowMs,
      min: segment.minStartNs,
      max: segment.maxEndNs,
      spans: segment.spanCount,
      id: segment.id,
    });
    await this.#connection.run(closeSegment, values, types);
    segment.closedUnixMs = nowMs;
  }

  /**
   * Drops a whole segment; `pruning` records that retention did it, and why. Queries under way keep what they have begun to read.
   * `rescue` runs inside the same transaction: what it writes is there exactly when the segment is gone.
   */
  async drop(segment: Segment, pruning: Pruning | undefined, rescue: () => void = () => undefined): Promise<void> {
    await this.#transaction(async connection => {
      rescue();
      for (const table of segmentTables) await connection.run(`drop table ${segmentTable(table, segment.id)}`);
      await connection.run('delete from segments where id = $id', { id: segment.id });
      if (pruning === undefined) return;
      await connection.run('insert into pruned values ($id, $from, $to, $spans, $at, $reason)', {
        id: segment.id,
        from: segment.minStartNs,
        to: segment.maxEndNs,
        spans: BigInt(segment.spanCount),
        at: BigInt(pruning.atUnixMs),
        reason: pruning.reason,
      });
    });
    this.#segments.delete(segment.id);
  }

  async #transaction(body: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    await this.#connection.run('begin');
    try {
      await body(this.#connection);
      await this.#connection.run('commit');
    } catch (cause) {
      await this.#connection.run('rollback').catch(() => undefined);
      throw cause;
    }
  }

  async #recountIfReadable(segment: Segment): Promise<void> {
    try {
      await this.#recount(segment);
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
      segment.isDamaged = true;
      // Nothing is added to it any more.
      segment.closedUnixMs = segment.openedUnixMs;
    }
  }

  /** Bytes of the database file that are in use; the file itself does not shrink when tables are dropped. */
  async usedBytes(): Promise<number> {
    return await this.#number('select used_blocks * block_size from pragma_database_size()');
  }

  async #recount(segment: Segment): Promise<void> {
    const found = await this.#connection.runAndReadAll(
      `select count(*), min(start_ns) filter (start_ns > 0), max(start_ns + duration_ns) from ${segmentTable('spans', segment.id)}`,
    );
    const [count, minStartNs, maxEndNs] = found.getRows()[0] as [bigint, bigint | null, bigint | null];
    segment.spanCount = Number(count);
    segment.bounds = minStartNs === null || maxEndNs === null ? undefined : { minStartNs, maxEndNs };
  }

  async #number(sql: string): Promise<number> {
    return Number((await this.#connection.runAndReadAll(sql)).getRows()[0][0]);
  }
}

const insertSegment = 'insert into segments values ($id, $origin, $opened, null, $min, $max, 0, $promoted, $id, null)';
const closeSegment = `
update segments set closed_unix_ms = $now, min_start_ns = $min, max_end_ns = $max, span_count = $spans where id = $id`;

const replaceSegment = 'update segments set id = $id, span_count = $spans, compacted_unix_ms = $now where id = $source';

/** An empty interval. */
const NO_BOUNDS = { minStartNs: 0x7fff_ffff_ffff_ffffn, maxEndNs: 0n };

async function tablesWithParents(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const found = await connection.runAndReadAll(
    `select table_name from duckdb_columns() where column_name = '${PARENT_COLUMN}'`,
  );
  return new Set(found.getRows().map(([name]) => String(name)));
}

function newSegment(
  id: number,
  origin: SegmentOrigin,
  openedUnixMs: number,
  promotedKeys: readonly string[],
  place: number,
  hasParents: boolean,
): Segment {
  return {
    id,
    place,
    hasParents,
    origin,
    openedUnixMs,
    promotedKeys,
    promoted: new Map(promotedKeys.map((key, i) => [key, `p_${i}`])),
    closedUnixMs: undefined,
    compactedUnixMs: undefined,
    bounds: undefined,
    spanCount: 0,
    isDamaged: false,
    get minStartNs() {
      return this.bounds?.minStartNs ?? NO_BOUNDS.minStartNs;
    },
    get maxEndNs() {
      return this.bounds?.maxEndNs ?? NO_BOUNDS.maxEndNs;
    },
  };
}
