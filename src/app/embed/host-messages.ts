import * as z from 'zod/mini';
import { parseSpanId, type SpanId } from '#domain/ids.ts';
import { parseRange } from '#domain/time/range.ts';

// Generated code would break the page's content security policy.
z.config({ jitless: true });

/** Longest message, in bytes of its JSON. */
export const MOST_BYTES = 4096;

const bound = z.string().check(z.maxLength(32));
const schema = z.discriminatedUnion('type', [
  z.strictObject({ throughline: z.literal(1), type: z.literal('hello') }),
  z.strictObject({ throughline: z.literal(1), type: z.literal('theme'), theme: z.enum(['light', 'dark', 'auto']) }),
  z.strictObject({ throughline: z.literal(1), type: z.literal('range'), from: bound, to: bound }),
  z.strictObject({ throughline: z.literal(1), type: z.literal('query'), query: z.string() }),
  z.strictObject({
    throughline: z.literal(1),
    type: z.literal('select'),
    span: z.nullable(z.string().check(z.maxLength(16))),
  }),
]);

/** What a host may say (version 1 of the protocol, docs/embedding.md). */
export type HostMessage =
  | { readonly type: 'hello' }
  | { readonly type: 'theme'; readonly theme: 'light' | 'dark' | 'auto' }
  | { readonly type: 'range'; readonly from: string; readonly to: string }
  | { readonly type: 'query'; readonly query: string }
  | { readonly type: 'select'; readonly span: SpanId | undefined };

/** Reads a message; undefined for everything that is none, which is passed over in silence. */
export function readHostMessage(data: unknown): HostMessage | undefined {
  if (typeof data !== 'object' || data === null || !isSmall(data)) return undefined;
  const read = schema.safeParse(data);
  if (!read.success) return undefined;
  const message = read.data;
  switch (message.type) {
    case 'range':
      return parseRange(message.from, message.to, Date.now()).ok ? message : undefined;
    case 'select': {
      if (message.span === null) return { type: 'select', span: undefined };
      const id = parseSpanId(message.span);
      return id.ok ? { type: 'select', span: id.value } : undefined;
    }
    default:
      return message;
  }
}

function isSmall(data: object): boolean {
  try {
    return new TextEncoder().encode(JSON.stringify(data)).byteLength <= MOST_BYTES;
  } catch {
    // Cycles and big integers: no message of ours.
    return false;
  }
}
