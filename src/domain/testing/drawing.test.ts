import { describe, expect, it } from 'vitest';
import { DRAWN_START, DRAWN_TRACE_ID, readDrawing } from './drawing.ts';

const MS = 1_000_000n;

describe('a drawing', () => {
  it('says service, name, parent and times', () => {
    const spans = readDrawing(`
      // comments and empty lines are skipped

      gateway  GET /checkout      |----------------|
      cart       SELECT items        |---|
      pay        POST /charge            |-------|
      pay          charge card            |
    `);
    expect(spans.map(span => [span.name, span.spanId, span.parentSpanId])).toEqual([
      ['GET /checkout', '0000000000000001', ''],
      ['SELECT items', '0000000000000002', '0000000000000001'],
      ['POST /charge', '0000000000000003', '0000000000000001'],
      ['charge card', '0000000000000004', '0000000000000003'],
    ]);
    expect(spans.map(span => [(span.startUnixNano - DRAWN_START) / MS, (span.endUnixNano - DRAWN_START) / MS])).toEqual(
      [
        [0n, 17n],
        [3n, 7n],
        [7n, 15n],
        [8n, 8n],
      ],
    );
    expect(spans[2].resource.attributes).toEqual([{ key: 'service.name', value: { type: 'string', value: 'pay' } }]);
    expect(spans[2].resource).toBe(spans[3].resource);
  });

  it('takes options behind the name', () => {
    const [span] = readDrawing(
      "-  a name of words !too_slow #a1 ^b2 @server ~c3 +5ns n=5 x=1.5 b=true s=text q='5' t='a_b' resource.k=v  |-*-|",
    );
    expect(span).toMatchObject({
      name: 'a name of words',
      spanId: '00000000000000a1',
      parentSpanId: '00000000000000b2',
      kind: 2,
      statusCode: 2,
      statusMessage: 'too_slow',
      links: [{ traceId: DRAWN_TRACE_ID, spanId: '00000000000000c3' }],
      events: [{ timeUnixNano: DRAWN_START + 2n * MS + 5n, name: 'exception' }],
      startUnixNano: DRAWN_START + 5n,
      resource: { attributes: [{ key: 'k', value: { type: 'string', value: 'v' } }] },
    });
    expect(
      Object.fromEntries((span.attributes ?? []).map(({ key, value }) => [key, 'value' in value && value.value])),
    ).toEqual({
      n: 5n,
      x: 1.5,
      b: true,
      s: 'text',
      q: '5',
      t: 'a b',
    });
  });

  it('draws missing and reversed times', () => {
    const spans = readDrawing(`
      a  back       <--|
      a  open       |--?
      a  none ?
    `);
    const at = (ms: number) => DRAWN_START + BigInt(ms) * MS;
    expect(spans.map(span => [span.startUnixNano, span.endUnixNano])).toEqual([
      [spans[0].startUnixNano, spans[0].startUnixNano - 3n * MS],
      [spans[1].startUnixNano, 0n],
      [0n, 0n],
    ]);
    expect(spans[1].startUnixNano).toBeGreaterThanOrEqual(at(0));
  });

  it('takes another scale, start and trace', () => {
    const [, span] = readDrawing(
      `
      a  x   |---|
      a  y     |-|
      `,
      { columnNs: 0.5e6, startUnixNano: 10n, traceId: 'f'.repeat(32) },
    );
    expect(span).toMatchObject({ traceId: 'f'.repeat(32), startUnixNano: 1_000_010n, endUnixNano: 2_000_010n });
  });

  it('names the line that it cannot read', () => {
    expect(() => readDrawing('a  x  |--|\njust words')).toThrow('line 2 of the drawing');
    expect(() => readDrawing('a  x @nokind  |--|')).toThrow('@nokind');
  });
});
