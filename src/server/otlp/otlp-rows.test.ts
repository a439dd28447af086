import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelopeRows } from './testing/envelope-rows.ts';
import { openReceiver, type Receiver, type SpanRead } from './testing/open-receiver.ts';
import { jsonRequest, protoRequest, protoSpan, spanJson } from './testing/requests.ts';
import { type Row, traceIdOf } from './testing/row.ts';
import { valueRows } from './testing/value-rows.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
});
afterAll(() => receiver.close());
const spansOf = (traceId: string) => receiver.spansOf(traceId);
const post = (encoding: 'json' | 'protobuf', body: Uint8Array | string) => receiver.post(encoding, body);

/** `partial_success` of a 200, from either encoding. */
function partialOf(encoding: 'json' | 'protobuf', body: Buffer): { rejected: number; message: string } {
  if (encoding === 'json') {
    const { partialSuccess } = JSON.parse(body.toString()) as {
      partialSuccess?: { rejectedSpans: string; errorMessage: string };
    };
    return { rejected: Number(partialSuccess?.rejectedSpans ?? 0), message: partialSuccess?.errorMessage ?? '' };
  }
  if (body.length === 0) return { rejected: 0, message: '' };
  const text = body.indexOf(0x12);
  return { rejected: body[body.indexOf(0x08) + 1], message: body.subarray(text + 2).toString() };
}

/** Every trace id in what a row sent: whatever was refused must be found under none of them. */
function idsOf({ row, body }: Row): string[] {
  const sent =
    typeof body === 'string'
      ? body.toLowerCase()
      : Buffer.from(body).toString('latin1') + Buffer.from(body).toString('hex');
  const ids = sent.match(new RegExp(`${traceIdOf(row).slice(0, -4)}[0-9a-f]{4}`, 'g'));
  return [...new Set(ids)];
}

test.each([...envelopeRows, ...valueRows])('row $row ($encoding): $what', async row => {
  const { status, body } = await post(row.encoding, row.body);
  expect(row.status, body.toString()).toContain(status);

  const read = (await Promise.all(idsOf(row).map(spansOf))).flat();
  if (status !== 200) {
    expect(body.length).toBeGreaterThan(0);
    expect(read).toEqual([]);
  } else {
    const partial = partialOf(row.encoding, body);
    expect(partial.rejected).toBe(row.rejectedSpans ?? partial.rejected);
    if (row.warns) expect(partial.message).not.toBe('');
    else if (row.rejectedSpans === undefined && row.spans !== undefined)
      expect(partial).toEqual({ rejected: 0, message: '' });
    if (row.spans !== undefined) expect(read.map(({ spanId }) => spanId).sort()).toEqual([...row.spans].sort());
    if (row.parentSpanId !== undefined)
      expect(read.map(({ parentSpanId }) => parentSpanId ?? '')).toEqual([row.parentSpanId]);
    for (const [field, value] of Object.entries(row.back ?? {})) {
      expect(read.map(span => span[field as keyof SpanRead])).toEqual([value]);
    }
    if ('value' in row) expect(read.map(({ attributes }) => attributes)).toEqual([[{ key: 'k', value: row.value }]]);
  }

  expect(({} as Record<string, unknown>).x).toBeUndefined();
  const next = await post('protobuf', protoRequest([protoSpan(traceIdOf(1), 'aaaaaaaaaaaaaaaa')]));
  expect(next).toMatchObject({ status: 200, body: Buffer.alloc(0) });
});

describe('row 50: a trace id of 64 bits with leading zeros', () => {
  test('is found padded and trimmed', async () => {
    const traceId = `${'0'.repeat(16)}00c0ffee00c0ffee`;
    expect(
      (await post('json', JSON.stringify(jsonRequest([spanJson({ traceId, spanId: 'aaaaaaaaaaaaaaa1' })])))).status,
    ).toBe(200);
    for (const asked of [traceId, '00c0ffee00c0ffee', 'c0ffee00c0ffee']) {
      expect((await spansOf(asked)).map(({ traceId: found }) => found)).toEqual([traceId]);
    }
  });
});

test('what is refused is named by its path in the JSON that was sent', async () => {
  const spans = [spanJson({ traceId: traceIdOf(54), spanId: 'aaaaaaaaaaaaaaa1', startTimeUnixNano: '-1' })];
  const { status, body } = await post('json', JSON.stringify(jsonRequest(spans)));
  const { details } = JSON.parse(body.toString()) as { details: { fieldViolations: { field: string }[] }[] };
  expect(status).toBe(400);
  expect(details[0].fieldViolations[0].field).toBe('resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano');
});

test('row 41: ids come back in lower case', async () => {
  expect((await spansOf(traceIdOf(41, 0))).map(({ traceId, spanId }) => [traceId, spanId])).toEqual([
    [traceIdOf(41, 0), 'aaaaaaaaaaaaaaa1'],
  ]);
});

test('row 56: odd times are kept, and counted', async () => {
  const before = receiver.store.metrics().spansOdd;
  const times = [
    { startTimeUnixNano: '0', endTimeUnixNano: '5' },
    { startTimeUnixNano: '1763632800000000009', endTimeUnixNano: '1763632800000000005' },
    { startTimeUnixNano: '1', endTimeUnixNano: '2' },
    { startTimeUnixNano: '9223372036854775807', endTimeUnixNano: '18446744073709551615' },
  ];
  const spans = times.map((time, i) =>
    spanJson({ traceId: traceIdOf(56, 20), spanId: `aaaaaaaaaaaaaa0${i}`, ...time }),
  );
  expect((await post('json', JSON.stringify(jsonRequest(spans)))).body.toString()).toBe('{}');
  const counted = Object.entries(receiver.store.metrics().spansOdd).map(([reason, n]) => [
    reason,
    n - (before[reason] ?? 0),
  ]);
  expect(Object.fromEntries(counted)).toEqual({
    no_start: 1,
    end_before_start: 1,
    start_long_ago: 1,
    start_ahead: 1,
    parent_id: 0,
  });
});
