import { ProtobufReader } from '#decoding/otlp/protobuf-reader.ts';

const MAX_TEXT = 200;

/** What a receiver says of a refusal: the message of a google.rpc.Status in either encoding, any other body as text. One line. */
export function refusalText(body: Uint8Array, contentType: string | null): string {
  const message = contentType === 'application/x-protobuf' ? messageOfProto(body) : messageOfJson(body);
  return oneLine(message ?? new TextDecoder().decode(body));
}

export function oneLine(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT);
}

/** google.rpc.Status {1 code, 2 message, 3 details} */
function messageOfProto(body: Uint8Array): string | undefined {
  const reader = new ProtobufReader(body);
  while (reader.pos < body.length) {
    const tag = reader.tag(body.length);
    if (tag !== 0x12) {
      reader.skipUnknown(tag, 0, 'Status', body.length);
      continue;
    }
    const to = reader.length(body.length);
    return reader.failure === undefined ? new TextDecoder().decode(body.subarray(reader.pos, to)) : undefined;
  }
  return undefined;
}

function messageOfJson(body: Uint8Array): string | undefined {
  try {
    const { message } = JSON.parse(new TextDecoder().decode(body)) as { readonly message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
