import { expect, it } from 'vitest';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { drawTraceProto } from '#decoding/testing/draw-trace-proto.ts';
import { criticalPath } from '#domain/analysis/critical-path.ts';
import type { TraceId } from '#domain/ids.ts';
import { DRAWN_TRACE_ID } from '#domain/testing/drawing.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { DecodeClient } from './decode-client.ts';
import { startInThread } from './testing/in-thread-port.ts';

const DRAWING = `
  gateway  GET /checkout http.route='/checkout'   |----------------|
  cart       SELECT items db.rows=4711              |---|
  pay        POST /charge !                             |-------|
  pay          card @producer                            |--|
  bank           settle @consumer                            |-----|
`;
const TRACE = DRAWN_TRACE_ID as TraceId;

function local(): TraceTable {
  const decoded = decodeTrace(TRACE, drawTraceProto(DRAWING));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

async function throughWorker(): Promise<TraceTable> {
  const task = new DecodeClient(startInThread).table({
    traceId: TRACE,
    envelope: 'traces',
    expectedBytes: undefined,
    maxBytes: 1_000_000,
  });
  const bytes = drawTraceProto(DRAWING);
  for (let at = 0; at < bytes.length; at += 64) task.push(bytes.slice(at, at + 64));
  return await task.finish();
}

it('hands over the table that decoding here makes', async () => {
  const { details: _, strings, ...columns } = await throughWorker();
  const { details: __, strings: expectedStrings, ...expected } = local();
  expect(columns).toEqual(expected);
  for (let i = 0; i < expectedStrings.size; i++) expect(strings.at(i)).toBe(expectedStrings.at(i));
});

it('hands over the critical path that the columns have, as often as it is asked for', async () => {
  const table = await throughWorker();
  const expected = criticalPath(local());
  expect(expected.row.length).toBeGreaterThan(1);
  expect(await table.details.criticalPath?.()).toEqual(expected);
  expect(await table.details.criticalPath?.()).toEqual(expected);
});

it('answers searches, and of those that wait only the last', async () => {
  const { details } = await throughWorker();
  const asked = await Promise.allSettled(['4', '47', '471', '4711'].map(text => details.match?.(text)));
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  const table = local();
  expect(asked[3]).toMatchObject({ value: await table.details.match?.('4711') });
  expect(await details.match?.('checkout')).toEqual(await table.details.match?.('checkout'));
});

it('rejects what is asked after the release, also where the answer was being made', async () => {
  const { details } = await throughWorker();
  const waiting = details.match?.('4711');
  details.release();
  await expect(waiting).rejects.toThrow('released');
  await expect(details.span(0)).rejects.toThrow('released');
});
