const GROUPS = ['resourceSpans', 'scopeSpans', 'spans'];

/**
 * A sentence for the sender of an OTLP/JSON body that speaks of spans but lacks a name on the way to them, as in
 * snake_case or in OTLP before 0.15 (`instrumentationLibrarySpans`). Unknown names must be ignored, so without it a whole
 * request would vanish with a 200.
 */
export function missingNames(body: Buffer): string | undefined {
  const missing = GROUPS.filter(name => !body.includes(`"${name}"`));
  if (missing.length === 0 || !(body.includes('"spanId"') || body.includes('"span_id"'))) return undefined;
  return `no span was taken: '${missing[0]}' is missing; names are lowerCamelCase as in OTLP 1.x`;
}
