import type { SegmentTable } from '#server/store/schema/segment-table.ts';
import { Arena } from './arena.ts';
import { BytesColumn, type Column, FixedColumn, ListColumn } from './columns.ts';

/** Rows of one segment that wait for the next commit, table by table; columns in the order of `segment.sql.ts`. */
export class SegmentRows {
  /** Bytes that are not worth interning: attribute values, messages, blocks. Emptied after each flush. */
  readonly arena = new Arena(1 << 22);
  readonly spans;
  readonly promoted: readonly FixedColumn[];
  readonly attrValues;
  readonly resources;
  readonly scopes;
  readonly events;
  readonly links;
  readonly fragments;
  readonly blocks;
  /** Bodies of the fragments, one after another; `sealBlocks` cuts them into blocks. */
  readonly bodies = new Arena(1 << 22);
  /** How many of the fragments, and of the bytes of `bodies`, are in blocks already. */
  readonly sealed = { fragments: 0, bytes: 0 };

  /** `texts` holds the interned strings that text columns point into. */
  constructor(texts: Arena, promotedCount: number) {
    const text = () => new BytesColumn(texts);
    const own = () => new BytesColumn(this.arena);
    const ids = () => new ListColumn(new FixedColumn(4));
    this.spans = {
      rowId: new FixedColumn(8),
      traceId: new FixedColumn(16),
      spanId: new FixedColumn(8),
      parentSpanId: new FixedColumn(8),
      startNs: new FixedColumn(8),
      durationNs: new FixedColumn(8),
      name: text(),
      service: text(),
      kind: new FixedColumn(1),
      status: new FixedColumn(1),
      statusMessage: text(),
      resourceId: new FixedColumn(4),
      scopeId: new FixedColumn(4),
      attrs: ids(),
      baggage: ids(),
    };
    this.promoted = Array.from({ length: promotedCount }, () => new FixedColumn(4, true));
    this.attrValues = {
      id: new FixedColumn(4),
      scope: new FixedColumn(1),
      key: text(),
      type: new FixedColumn(1),
      str: own(),
      int: new FixedColumn(8),
      num: new FixedColumn(8),
      strs: new ListColumn(own()),
      nums: new ListColumn(new FixedColumn(8)),
    };
    this.resources = { id: new FixedColumn(4), service: text(), attrs: ids(), message: own(), schemaUrl: text() };
    this.scopes = {
      id: new FixedColumn(4),
      name: text(),
      version: text(),
      attrs: ids(),
      message: own(),
      schemaUrl: text(),
    };
    this.events = { rowId: new FixedColumn(8), timeNs: new FixedColumn(8), name: text(), attrs: ids() };
    this.links = { rowId: new FixedColumn(8), traceId: new FixedColumn(16), spanId: new FixedColumn(8), attrs: ids() };
    this.fragments = {
      traceId: new FixedColumn(16),
      startNs: new FixedColumn(8),
      resourceId: new FixedColumn(4),
      block: new FixedColumn(4),
      at: new FixedColumn(4),
      length: new FixedColumn(4),
    };
    this.blocks = { id: new FixedColumn(4), body: own() };
  }

  clearBodies(): void {
    this.bodies.clear();
    this.sealed.fragments = 0;
    this.sealed.bytes = 0;
  }

  /** The columns of each table. */
  tables(): Record<SegmentTable, readonly Column[]> {
    return {
      spans: [...Object.values(this.spans), ...this.promoted],
      attr_values: Object.values(this.attrValues),
      resources: Object.values(this.resources),
      scopes: Object.values(this.scopes),
      events: Object.values(this.events),
      links: Object.values(this.links),
      fragments: Object.values(this.fragments),
      blocks: Object.values(this.blocks),
    };
  }
}

/** Int64 maximum as halves. */
export const MAX_HI = 0x7fffffff;

/** Pushes a row number (< 2^53) into an 8-byte column. */
export function pushRowId(column: FixedColumn, rowId: number): void {
  column.push64(rowId >>> 0, Math.floor(rowId / 0x1_0000_0000));
}

/** Pushes 16 big-endian id bytes as a UHUGEINT, or 8 as a UBIGINT (both little-endian in memory). */
export function pushId(column: FixedColumn, bytes: Uint8Array, from: number, to: number): void {
  let at = (column.next() + 1) * column.width - 1;
  const target = column.bytes;
  for (let i = from; i < to; i++) target[at--] = bytes[i];
}
