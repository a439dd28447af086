import { unpackBlock } from '#server/store/block-codec.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { rowsById } from './rows-by-id.ts';

const MEMORY_KEY = 'unpacked blocks';
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Blocks of a segment by id, unpacked, to be read only. Traces that are looked at one after another, such as those of a
 * list, share them: those of the last reads are remembered.
 */
export function unpackedBlocks(
  context: Pick<QueryContext, 'rows' | 'memory'>,
  segment: number,
  ids: Iterable<number>,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const cache = (context.memory.get(MEMORY_KEY) ?? new BlockCache(MOST_BYTES)) as BlockCache;
  context.memory.set(MEMORY_KEY, cache);
  return cache.find(context, segment, ids);
}

/** Unpacked blocks of the last reads. A block never changes while its database is open. */
export class BlockCache {
  readonly #mostBytes: number;
  /** By segment and id, least recently used first. */
  readonly #blocks = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** All blocks of these ids that there are; what is not remembered is read. */
  async find(
    context: Pick<QueryContext, 'rows'>,
    segment: number,
    ids: Iterable<number>,
  ): Promise<ReadonlyMap<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    const unknown: number[] = [];
    for (const id of new Set(ids)) {
      const known = this.#blocks.get(`${segment} ${id}`);
      if (known === undefined) unknown.push(id);
      else {
        found.set(id, known);
        this.#keep(`${segment} ${id}`, known);
      }
    }
    for (const [id, { body }] of await rowsById(context, 'body', segmentTable('blocks', segment), unknown)) {
      const bytes = unpackBlock(body as Uint8Array);
      found.set(id, bytes);
      this.#keep(`${segment} ${id}`, bytes);
    }
    return found;
  }

  #keep(key: string, bytes: Uint8Array): void {
    // One block of a huge span must not drive all others out.
    if (bytes.length > this.#mostBytes / 8) return;
    if (this.#blocks.delete(key)) this.#bytes -= bytes.length;
    this.#blocks.set(key, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#blocks.delete(oldest);
      this.#bytes -= length;
    }
  }
}
