import { expect, it } from 'vitest';
import { readDrawing } from '#domain/testing/drawing.ts';
import { encodeTraces } from './otlp-encode.ts';
import { shiftTimes } from './shift-times.ts';

it('moves starts, ends and events, leaves missing times, and keeps its input', () => {
  const spans = readDrawing(`
    a  root       |---*---|
    a    open       |--?
    a    none ?
  `);
  const move = (time: bigint) => (time === 0n ? 0n : time + 12_345n);
  const moved = spans.map(span => ({
    ...span,
    startUnixNano: move(span.startUnixNano),
    endUnixNano: move(span.endUnixNano),
    events: span.events?.map(event => ({ ...event, timeUnixNano: move(event.timeUnixNano) })),
  }));
  const bytes = encodeTraces(spans);
  const before = bytes.slice();
  expect(shiftTimes(bytes, 12_345n)).toEqual(encodeTraces(moved as typeof spans));
  expect(bytes).toEqual(before);
  expect(shiftTimes(shiftTimes(bytes, -99n), 99n)).toEqual(bytes);
});

it('leaves bytes that are no trace alone', () => {
  const bytes = Uint8Array.of(0x0a, 0xff, 0x01, 0x39);
  expect(shiftTimes(bytes, 1n)).toEqual(bytes);
});
