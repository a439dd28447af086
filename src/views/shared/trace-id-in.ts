import { parseTraceId, type TraceId } from '#domain/ids.ts';

/** A trace id that was typed or pasted, alone or inside a link or a `traceparent`; at least 16 digits. */
export function traceIdIn(text: string): TraceId | undefined {
  const digits = /(?:^|[^0-9a-f])([0-9a-f]{32})(?:$|[^0-9a-f])/i.exec(text)?.[1] ?? bareId(text);
  const id = digits === undefined ? undefined : parseTraceId(digits);
  return id?.ok ? id.value : undefined;
}

const BASE64_ID = /^[A-Za-z0-9+/]{22}==$/;

function bareId(text: string): string | undefined {
  if (BASE64_ID.test(text.trim())) return text.trim();
  const bare = text.trim().replace(/^0x/i, '').replaceAll('-', '');
  return /^[0-9a-f]{16,32}$/i.test(bare) ? bare : undefined;
}
