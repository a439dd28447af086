import type { DuckDBConnection } from '@duckdb/node-api';
import { unpackBlock } from '#server/store/block-codec.ts';
import { rowsById } from '#server/store/read/rows-by-id.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';

/** Unpacked blocks that are kept: 64 KiB each. Spans of a trace arrive within seconds of each other. */
const BLOCKS_KEPT = 384;

/** Unpacks the blocks of a segment as they are asked for. */
export class SourceBodies {
  readonly #connection: DuckDBConnection;
  readonly #table: string;
  readonly #blocks = new Map<number, Uint8Array>();

  constructor(connection: DuckDBConnection, segment: number) {
    this.#connection = connection;
    this.#table = segmentTable('blocks', segment);
  }

  /** Fetches what is not there; the least recently used go. */
  async require(ids: ReadonlySet<number>): Promise<void> {
    const unknown: number[] = [];
    for (const id of ids) {
      const known = this.#blocks.get(id);
      if (known === undefined) unknown.push(id);
      else {
        this.#blocks.delete(id);
        this.#blocks.set(id, known);
      }
    }
    const rows = async (sql: string) => (await this.#connection.runAndReadAll(sql)).getRowObjectsJS();
    for (const [id, { body }] of await rowsById({ rows }, 'body', this.#table, unknown)) {
      this.#blocks.set(id, unpackBlock(body as Uint8Array));
    }
    const surplus = this.#blocks.size - Math.max(BLOCKS_KEPT, ids.size);
    let dropped = 0;
    for (const id of this.#blocks.keys()) {
      if (dropped++ >= surplus) break;
      this.#blocks.delete(id);
    }
  }

  /** Of a block that was required last. */
  body(block: number, from: number, length: number): Uint8Array {
    const bytes = this.#blocks.get(block);
    if (bytes === undefined || from + length > bytes.length) throw new Error(`block ${block} is missing or short`);
    return bytes.subarray(from, from + length);
  }
}
