/** Sends one ExportTraceServiceRequest, protobuf or JSON, and insists that all of it was taken. */
export async function send(otlpUrl: string, body: Uint8Array<ArrayBuffer> | object): Promise<void> {
  const binary = body instanceof Uint8Array;
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': binary ? 'application/x-protobuf' : 'application/json' },
    body: binary ? body : JSON.stringify(body),
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const whole = binary ? answer.length === 0 : !answer.includes('rejectedSpans');
  if (response.status !== 200 || !whole) throw new Error(`OTLP answered ${response.status}: ${answer.toString()}`);
}
