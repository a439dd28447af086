import { z } from 'zod';
import { MAX_NAME_LENGTH, MAX_NOTE_LENGTH, MAX_STATE_BYTES } from '#domain/api/pin-api.ts';
import { parseTraceId } from '#domain/ids.ts';
import { err, ok, type Result } from '#domain/result.ts';

// Without generated code: the same rule as in the browser, where the content security policy forbids it.
z.config({ jitless: true });

const note = z.string().max(MAX_NOTE_LENGTH, `must be at most ${MAX_NOTE_LENGTH} characters`);
const unixMs = z.int('must be unix milliseconds').min(0, 'must be unix milliseconds').max(253_402_300_799_999);
const traceId = z.string().transform((text, context) => {
  const parsed = parseTraceId(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.error });
  return z.NEVER;
});
const sourceId = z.string().regex(/^[a-z0-9-]{1,64}$/, 'must consist of a-z, 0-9 and -, at most 64 of them');
const view = z.strictObject({
  // Never a path that a browser would take for another host.
  path: z.string().regex(/^\/(?![/\\])[^?#]{0,300}$/, "must be a path that starts with '/', without '?' and '#'"),
  search: z
    .string()
    .regex(/^(\?[^#]*)?$/, "must be '' or start with '?', without '#'")
    .refine(text => Buffer.byteLength(text) <= MAX_STATE_BYTES, `must be at most ${MAX_STATE_BYTES} bytes`),
});

const newPin = z.strictObject({
  traceId,
  source: sourceId,
  sourceName: z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters'),
  view,
  note: note.optional(),
  by: z.string().max(MAX_NAME_LENGTH, `must be at most ${MAX_NAME_LENGTH} characters`).optional(),
  expiresUnixMs: unixMs.optional(),
});

const pinChange = z
  .strictObject({ note: note.optional(), expiresUnixMs: unixMs.nullable().optional() })
  .refine(change => Object.keys(change).length > 0, 'names nothing to change; give note or expiresUnixMs');

export type NewPinBody = z.infer<typeof newPin>;

/** The error names the field and what it must be. */
export function readNewPin(text: string): Result<NewPinBody, string> {
  return checked(newPin, text);
}

export function readPinChange(text: string): Result<z.infer<typeof pinChange>, string> {
  return checked(pinChange, text);
}

function checked<T>(schema: z.ZodType<T>, text: string): Result<T, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('the body is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') return err(`unknown field ${JSON.stringify(issue.keys[0])}`);
  const where = issue?.path.join('.') ?? '';
  return err(`${where === '' ? 'the body' : where}: ${issue?.message ?? 'is not valid'}`);
}
