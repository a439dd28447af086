import { describe, expect, it } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { packTable, unpackTable } from '#domain/trace/transfer-table.ts';
import { packPrepared, prepared, unpackPrepared } from './prepared-trace.ts';

const DRAWINGS = {
  'with repeats and a missing parent': `
    cart  GET /cart           |------------------------|
    cart    SELECT             |-|
    cart    SELECT                  |--|
    cart    SELECT !                   |--|
    cart    SELECT                            |---|
    other late ^aa                  |---|
  `,
  'in which nothing repeats': `
    cart  GET /cart           |------------------------|
    cart    SELECT             |-|
  `,
};

describe('a prepared trace', () => {
  it.each(Object.entries(DRAWINGS))(
    '%s is the same in another thread, and nothing of it stays behind',
    (_, drawing) => {
      const expected = prepared(drawTrace(drawing));
      const table = drawTrace(drawing);
      const given = prepared(table);
      const tables = packTable(table);
      const packed = packPrepared(given);
      const sent = structuredClone([tables.message, packed.message] as const, {
        transfer: [...tables.transfer, ...packed.transfer],
      });
      expect([given.shape.position.length, given.repeats.order.length, given.overview.cell.length]).toEqual([0, 0, 0]);
      const received = unpackTable(sent[0], table.details);
      unpackPrepared(received, sent[1]);
      const again = prepared(received);
      expect(again.shape.table).toBe(received);
      expect({ ...again, shape: { ...again.shape, table: 0 } }).toEqual({
        ...expected,
        shape: { ...expected.shape, table: 0 },
      });
    },
  );
});
