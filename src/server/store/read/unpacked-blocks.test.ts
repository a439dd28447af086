import { expect, it } from 'vitest';
import { packBlock } from '#server/store/block-codec.ts';
import { unpackedBlocks } from './unpacked-blocks.ts';

/** A table of blocks, each of its id over and over; `read` are the ids that were asked for. */
function tableOf(blockBytes: number) {
  const read: number[] = [];
  const rows = async (sql: string) =>
    [...sql.matchAll(/id >= (\d+) and id <= (\d+)/g)].flatMap(([, first, last]) => {
      const ids = Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
      read.push(...ids);
      return ids.map(id => ({ id, body: packBlock(new Uint8Array(blockBytes).fill(id)) }));
    });
  return { read, context: { rows, memory: new Map<string, unknown>() } };
}

it('reads a block once, whoever asks for it, and tells segments apart', async () => {
  const { read, context } = tableOf(1_000);
  const first = await unpackedBlocks(context, 1, [3, 4, 3]);
  expect([...first].map(([id, bytes]) => [id, bytes[999]])).toEqual([
    [3, 3],
    [4, 4],
  ]);
  expect((await unpackedBlocks(context, 1, [4, 5])).size).toBe(2);
  expect(read).toEqual([3, 4, 5]);
  await unpackedBlocks(context, 2, [4]);
  expect(read).toEqual([3, 4, 5, 4]);
});

it('remembers those of the last reads, up to 8 MiB, and nothing that is huge', async () => {
  const { read, context } = tableOf(512 * 1024);
  for (let id = 0; id < 17; id++) {
    await unpackedBlocks(context, 1, [id]);
    await unpackedBlocks(context, 1, [0]);
  }
  read.length = 0;
  await unpackedBlocks(context, 1, [0, 16]);
  expect(read).toEqual([]);
  await unpackedBlocks(context, 1, [1]);
  expect(read).toEqual([1]);
  const huge = tableOf(2 * 1024 * 1024);
  for (let time = 0; time < 2; time++) await unpackedBlocks(huge.context, 1, [7]);
  expect(huge.read).toEqual([7, 7]);
});
