import { describe, expect, it } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { SpanFlag, type TraceTable } from '#domain/trace/trace-table.ts';
import { rowText } from './row-text.ts';
import { WaterfallModel } from './waterfall-model.ts';

const TABLE = drawTrace(`
  cart  GET /cart    |------|
  cart    one ^b2      |-|
  pay     two ^b2       |-|
`);

const textOf = (table: TraceTable, entry: number) => rowText(new WaterfallModel(table), entry);

describe('what stands beside a bar', () => {
  it('names a parent that was not received, and says whether it was in another process', () => {
    expect(textOf(TABLE, ~0)).toMatchObject({
      ...{ kind: 'missing', name: 'missing parent', aside: '0000…', time: 'not received', caret: 'open' },
    });
    const remote = { ...TABLE, w3cFlags: new Uint32Array(TABLE.length).fill(0x301) };
    expect(textOf(remote, ~0).name).toBe('missing remote parent');
    expect(textOf({ ...remote, w3cFlags: new Uint32Array(TABLE.length).fill(0x101) }, ~0).name).toBe('missing parent');
  });

  it('says nothing of how long a span took that has no time, and how often one was received', () => {
    const flags = Uint16Array.of(SpanFlag.noTimestamp, SpanFlag.repeated, 0);
    const copies = { row: Int32Array.of(1), received: Uint32Array.of(3) };
    const table = { ...TABLE, flags, copies };
    expect(textOf(table, 0)).toMatchObject({ time: '–', tags: [{ text: 'no time', tone: 'warn' }] });
    expect(textOf(table, 1).tags).toEqual([{ text: '×\u00a03 received', tone: 'warn' }]);
    expect(textOf(table, 2)).toMatchObject({ time: 2e6, tags: [] });
  });
});
