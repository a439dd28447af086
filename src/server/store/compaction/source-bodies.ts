import type { DuckDBConnection } from '@duckdb/node-api';
import { BlockCache } from '#server/store/read/unpacked-blocks.ts';

/** Unpacked blocks that are kept: 384 of 64 KiB. Spans of a trace arrive within seconds of each other. */
const MOST_BYTES = 24 * 1024 * 1024;

/** Unpacks the blocks of a segment as they are asked for. */
export class SourceBodies {
  readonly #connection: DuckDBConnection;
  readonly #segment: number;
  readonly #cache = new BlockCache(MOST_BYTES);
  #required: ReadonlyMap<number, Uint8Array> = new Map();

  constructor(connection: DuckDBConnection, segment: number) {
    this.#connection = connection;
    this.#segment = segment;
  }

  /** Fetches what is not there. */
  async require(ids: ReadonlySet<number>): Promise<void> {
    const rows = async (sql: string) => (await this.#connection.runAndReadAll(sql)).getRowObjectsJS();
    this.#required = await this.#cache.find({ rows }, this.#segment, ids);
  }

  /** Of a block that was required last. */
  body(block: number, from: number, length: number): Uint8Array {
    const bytes = this.#required.get(block);
    if (bytes === undefined || from + length > bytes.length) throw new Error(`block ${block} is missing or short`);
    return bytes.subarray(from, from + length);
  }
}
