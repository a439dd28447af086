import { unpackBlock } from '#server/store/block-codec.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { rowsById } from './rows-by-id.ts';

const MEMORY_KEY = 'unpacked blocks';
const MOST_BYTES = 8 * 1024 * 1024;
/** One block of a huge span must not drive all others out. */
const LARGEST_BYTES = MOST_BYTES / 8;

interface Kept {
  /** Least recently used first. */
  readonly blocks: Map<string, Uint8Array>;
  bytes: number;
}

/**
 * Blocks of a segment by id, unpacked, to be read only. They never change, and traces that are looked at one after another,
 * such as those of a list, share them: those of the last reads are remembered.
 */
export async function unpackedBlocks(
  context: Pick<QueryContext, 'rows' | 'memory'>,
  segment: number,
  ids: Iterable<number>,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const kept = (context.memory.get(MEMORY_KEY) ?? { blocks: new Map(), bytes: 0 }) as Kept;
  context.memory.set(MEMORY_KEY, kept);
  const found = new Map<number, Uint8Array>();
  const unknown: number[] = [];
  for (const id of new Set(ids)) {
    const known = kept.blocks.get(`${segment} ${id}`);
    if (known === undefined) unknown.push(id);
    else {
      found.set(id, known);
      keep(kept, `${segment} ${id}`, known);
    }
  }
  for (const [id, { body }] of await rowsById(context, 'body', segmentTable('blocks', segment), unknown)) {
    const bytes = unpackBlock(body as Uint8Array);
    found.set(id, bytes);
    keep(kept, `${segment} ${id}`, bytes);
  }
  return found;
}

function keep(kept: Kept, key: string, bytes: Uint8Array): void {
  if (bytes.length > LARGEST_BYTES) return;
  if (kept.blocks.delete(key)) kept.bytes -= bytes.length;
  kept.blocks.set(key, bytes);
  kept.bytes += bytes.length;
  for (const [oldest, { length }] of kept.blocks) {
    if (kept.bytes <= MOST_BYTES) break;
    kept.blocks.delete(oldest);
    kept.bytes -= length;
  }
}
