const GROUPS = ['resourceSpans', 'scopeSpans', 'spans'];

/**
 * A sentence for the sender of an OTLP/JSON body that speaks of spans but lacks a name on the way to them, as in
 * snake_case or in OTLP before 0.15 (`instrumentationLibrarySpans`). Unknown names must be ignored, so without it a whole
 * request would vanish with a 200. A normal body is found normal within its first few hundred bytes.
 */
export function missingNames(body: Uint8Array): string | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const missing = GROUPS.filter(name => !bytes.includes(`"${name}"`));
  if (missing.length === 0 || !(bytes.includes('"spanId"') || bytes.includes('"span_id"'))) return undefined;
  return `no span was taken: '${missing[0]}' is missing; names are lowerCamelCase as in OTLP 1.x`;
}
