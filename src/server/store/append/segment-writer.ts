import { randomInt } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type ScanCounts, scanTraces } from '#decoding/otlp/otlp-proto.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { segmentTable, segmentTables } from '#server/store/schema/segment-table.ts';
import { AttributeDictionary } from './attribute-dictionary.ts';
import { FragmentCollector } from './fragment-collector.ts';
import { OwnerTable } from './owner-table.ts';
import { sealBlocks } from './seal-blocks.ts';
import { SegmentRows } from './segment-rows.ts';
import { type RequestCounts, type SpanBounds, SpanRows } from './span-rows.ts';
import { TableAppender } from './table-appender.ts';
import { Texts } from './texts.ts';

/** First numbers that are free in the segment (`rowId`: in the store). */
export interface FirstIds {
  readonly rowId: number;
  readonly attrId: number;
  readonly ownerId: number;
  readonly blockId: number;
}

/** What a request held: as rows, and what of it could not become one. */
export type DecodedCounts = RequestCounts & Pick<ScanCounts, 'unknownFields' | 'formerGroups' | 'stringIndexes'>;

/** How far everything was before a request; `rollback` returns to it. */
interface Mark {
  readonly rows: readonly number[];
  readonly arena: number;
  readonly bodies: number;
  readonly texts: number;
  readonly attrs: number;
  readonly attrId: number;
  readonly owners: number;
  readonly ownerId: number;
  readonly rowId: number;
  readonly bounds: SpanBounds;
}

/** The rows of one open segment on their way into DuckDB: `decode` requests, then `flush` inside a transaction. */
export class SegmentWriter {
  readonly #rows: SegmentRows;
  readonly #texts: Texts;
  readonly #dictionary: AttributeDictionary;
  readonly #owners: OwnerTable;
  readonly #spans: SpanRows;
  readonly #appenders: readonly TableAppender[];
  #nextBlock: number;

  private constructor(
    rows: SegmentRows,
    texts: Texts,
    dictionary: AttributeDictionary,
    owners: OwnerTable,
    spans: SpanRows,
    appenders: readonly TableAppender[],
    firstBlock: number,
  ) {
    this.#rows = rows;
    this.#texts = texts;
    this.#dictionary = dictionary;
    this.#owners = owners;
    this.#spans = spans;
    this.#appenders = appenders;
    this.#nextBlock = firstBlock;
  }

  static async open(
    connection: DuckDBConnection,
    segment: number,
    promotedKeys: readonly string[],
    baggageKeys: readonly string[],
    first: FirstIds,
  ): Promise<SegmentWriter> {
    const seed = randomInt(2 ** 31);
    const texts = new Texts(seed);
    const rows = new SegmentRows(texts.interner.arena, promotedKeys.length);
    const dictionary = new AttributeDictionary(rows, texts, promotedKeys, baggageKeys, first.attrId, seed);
    const owners = new OwnerTable(rows, texts, dictionary, first.ownerId, seed);
    const spans = new SpanRows(rows, texts, dictionary, owners, new FragmentCollector(seed), first.rowId);
    const tables = rows.tables();
    const appenders: TableAppender[] = [];
    for (const table of segmentTables) {
      appenders.push(await TableAppender.open(connection, segmentTable(table, segment), tables[table]));
    }
    return new SegmentWriter(rows, texts, dictionary, owners, spans, appenders, first.blockId);
  }

  /** Spans that wait for `flush`. */
  get stagedSpans(): number {
    return this.#rows.spans.rowId.length;
  }

  get nextRowId(): number {
    return this.#spans.nextRowId;
  }

  /** Spans per service that were decoded; the owner empties it. */
  readonly serviceSpans = new Map<string, number>();

  /** Earliest start and latest end decoded so far; undefined before the first span that has a start. */
  get bounds(): { readonly minStartNs: bigint; readonly maxEndNs: bigint } | undefined {
    const { minLo, minHi, maxLo, maxHi } = this.#spans.bounds;
    const minStartNs = (BigInt(minHi) << 32n) | BigInt(minLo);
    const maxEndNs = (BigInt(maxHi) << 32n) | BigInt(maxLo);
    return minStartNs <= maxEndNs ? { minStartNs, maxEndNs } : undefined;
  }

  /** Stages one request (protobuf). Nothing of it stays if it cannot be decoded or holds no valid span. */
  decode(body: Uint8Array): Result<DecodedCounts, string> {
    const mark = this.#mark();
    this.#spans.open(body);
    const scanned = scanTraces(body, this.#spans);
    this.#spans.close();
    const { counts } = this.#spans;
    if (!scanned.ok || counts.accepted === 0) this.#rollback(mark);
    else for (const [service, spans] of this.#spans.serviceSpans) this.#countService(service, spans);
    if (!scanned.ok) return err(`${scanned.error.message} (at byte ${scanned.error.offset})`);
    return ok({ ...counts, ...scanned.value });
  }

  /** Compresses the whole blocks of what is staged. */
  sealFull(): void {
    this.#nextBlock = sealBlocks(this.#rows, this.#nextBlock, false);
  }

  /** Compresses what is staged, which needs no transaction yet; `flush` does what is left of it. */
  seal(): void {
    this.#nextBlock = sealBlocks(this.#rows, this.#nextBlock, true);
  }

  /** Appends what is staged, as part of the connection's transaction. Throws what DuckDB throws. */
  flush(): void {
    if (this.#rows.bodies.length > 0) this.seal();
    for (const appender of this.#appenders) appender.flush();
    this.#rows.arena.clear();
    if (this.#dictionary.interner.isLarge || this.#texts.interner.isLarge || this.#owners.interner.isLarge) {
      this.#forget();
    }
  }

  /** Drops what is staged, and the memory of values whose rows are dropped with it. */
  discard(): void {
    for (const appender of this.#appenders) appender.truncate(0);
    this.#rows.arena.clear();
    this.#rows.clearBodies();
    this.serviceSpans.clear();
    this.#forget();
  }

  close(): void {
    for (const appender of this.#appenders) appender.close();
  }

  #countService(service: string, spans: number): void {
    this.serviceSpans.set(service, (this.serviceSpans.get(service) ?? 0) + spans);
  }

  /** Texts, attributes and owners refer to each other, so they are forgotten together. Later ones get new ids. */
  #forget(): void {
    this.#dictionary.clear();
    this.#texts.clear();
    this.#owners.clear();
  }

  #mark(): Mark {
    return {
      rows: this.#appenders.map(appender => appender.rows),
      arena: this.#rows.arena.length,
      bodies: this.#rows.bodies.length,
      texts: this.#texts.interner.count,
      attrs: this.#dictionary.interner.count,
      attrId: this.#dictionary.nextId,
      owners: this.#owners.interner.count,
      ownerId: this.#owners.nextId,
      rowId: this.#spans.nextRowId,
      bounds: { ...this.#spans.bounds },
    };
  }

  #rollback(mark: Mark): void {
    this.#appenders.forEach((appender, i) => {
      appender.truncate(mark.rows[i]);
    });
    this.#rows.arena.length = mark.arena;
    this.#rows.bodies.length = mark.bodies;
    this.#texts.truncate(mark.texts);
    this.#dictionary.truncate(mark.attrs, mark.attrId);
    this.#owners.truncate(mark.owners, mark.ownerId);
    this.#spans.nextRowId = mark.rowId;
    this.#spans.bounds = mark.bounds;
  }
}
