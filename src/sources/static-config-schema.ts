import * as z from 'zod/mini';
import type { ServerConfig } from '#domain/api/server-api.ts';
import { SourceError } from './trace-source.ts';

// Generated code would break a content security policy such as our server's.
z.config({ jitless: true });

const source = z.strictObject({
  id: z.string('must be a text').check(z.regex(/^[a-z0-9-]{1,64}$/, 'must consist of a-z, 0-9 and -')),
  name: z.optional(z.string('must be a text').check(z.minLength(1, 'must not be empty'))),
  kind: z.literal('tempo', "must be 'tempo'"),
  url: z
    .string('must be a text')
    .check(z.refine(isHttpUrl, 'must be an http or https address without user name, query and fragment')),
});

const schema = z.strictObject({
  sources: z._default(
    z
      .array(source, 'must be a list')
      .check(z.refine(list => new Set(list.map(({ id }) => id)).size === list.length, 'must have distinct ids')),
    [],
  ),
  baggageKeys: z._default(z.array(z.string('must be a text'), 'must be a list'), ['baggage.']),
  frameAncestors: z._default(
    z.array(
      z.string('must be a text').check(z.refine(isOrigin, 'must be an origin such as https://app.example.com')),
      'must be a list',
    ),
    [],
  ),
});

/** Checks what stands in config.json. Throws a `SourceError` that says which field is wrong and how it should be. */
export function parseStaticConfig(value: unknown): ServerConfig {
  const read = schema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue.path.map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    const field = where.replace(/^\./, '');
    const what =
      issue.code === 'unrecognized_keys'
        ? `${field === '' ? '' : `${field}: `}unknown setting '${issue.keys[0]}'`
        : field === ''
          ? 'it must hold one JSON object'
          : `${field} ${issue.message}`;
    throw new SourceError(
      'bad-config',
      `config.json cannot be used: ${what}`,
      JSON.stringify(value, null, 2).slice(0, 500),
    );
  }
  const { sources, baggageKeys, frameAncestors } = read.data;
  return {
    version: '',
    sources: sources.map(({ id, name, kind, url }) => ({
      id,
      name: name ?? id,
      kind,
      tempoPath: url.replace(/\/+$/, ''),
      embedded: false,
    })),
    baggageKeys,
    otlpHttp: '',
    otlpGrpc: '',
    retentionMs: 0,
    frameAncestors,
    pinOnShare: false,
  };
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
