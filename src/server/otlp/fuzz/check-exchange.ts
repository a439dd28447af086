import { otlpJsonToProto } from '#decoding/otlp/otlp-json.ts';
import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import type { OtlpEncoding } from '#server/otlp/status.ts';
import type { Receiver } from '#server/otlp/testing/open-receiver.ts';

/**
 * Sends one body, whatever it is, and looks at what must hold after any: an answer that is no fault of ours, nothing stored
 * from a refusal, what was stored readable as valid JSON and the same after it is sent once more. Returns what is broken.
 */
export async function checkExchange(
  receiver: Receiver,
  body: Uint8Array,
  encoding: OtlpEncoding,
): Promise<string | undefined> {
  const before = receiver.store.metrics().spansCommitted;
  const { status, body: said } = await receiver.post(encoding, body);
  const committed = receiver.store.metrics().spansCommitted - before;
  if (status !== 200) {
    if (status !== 400) return `the answer is ${status}: ${said}`;
    return committed === 0 ? undefined : `${committed} spans stored from a 400`;
  }
  if (({} as Record<string, unknown>).x !== undefined) return 'the prototype of all objects has a new member';
  for (const traceId of traceIdsOf(body, encoding)) {
    const wrong = await checkReadBack(receiver, traceId);
    if (wrong !== undefined) return `trace ${traceId}: ${wrong}`;
  }
  return undefined;
}

async function checkReadBack(receiver: Receiver, traceId: string): Promise<string | undefined> {
  const bytes = await receiver.bytesOf(traceId);
  if (bytes === undefined) return 'not there';
  JSON.parse(protoToOtlpJson(bytes));
  const again = await receiver.post('protobuf', bytes);
  if (again.status !== 200) return `what was read is refused: ${again.status} ${again.body}`;
  const second = await receiver.bytesOf(traceId);
  return second !== undefined && Buffer.from(second).equals(bytes) ? undefined : 'differs when it is sent again';
}

/** Ids of the valid spans in a body that was accepted. */
function traceIdsOf(body: Uint8Array, encoding: OtlpEncoding): Set<string> {
  const proto = encoding === 'protobuf' ? body : unwrap(otlpJsonToProto(body));
  const ids = new Set<string>();
  const scanned = scanTraces(proto, {
    resource: () => {},
    scope: () => {},
    span: ({ bytes, traceIdFrom, traceIdTo, spanIdFrom, spanIdTo }) => {
      const [traceId, spanId] = [bytes.subarray(traceIdFrom, traceIdTo), bytes.subarray(spanIdFrom, spanIdTo)];
      const isValid = (id: Uint8Array, length: number) => id.length === length && id.some(byte => byte !== 0);
      if (isValid(traceId, 16) && isValid(spanId, 8)) ids.add(Buffer.from(traceId).toString('hex'));
    },
  });
  unwrap(scanned);
  return ids;
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (result.ok) return result.value;
  throw new Error(`accepted, but not read by the decoder: ${result.error.message}`);
}
