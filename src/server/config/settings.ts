import { z } from 'zod';
import { parseDurationMs } from './duration.ts';
import { parseSizeBytes } from './size.ts';

// Without generated code: the same rule as in the browser, where the content security policy forbids it.
z.config({ jitless: true });

const port = z
  .int('must be a whole number from 0 to 65535')
  .min(0, 'must be 0 or more')
  .max(65535, 'must be at most 65535');
const origin = z
  .string()
  .refine(isOrigin, 'must be an origin such as https://app.example.com, without path or wildcard');
const durationMs = z.string().transform((text, context) => {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 60_000) return ms;
  context.addIssue({ code: 'custom', message: 'must be a duration of at least 1m, such as 72h, 30m or 7d' });
  return z.NEVER;
});
const sizeBytes = z.union([z.string(), z.number()]).transform((value, context) => {
  const bytes = parseSizeBytes(String(value));
  if (bytes !== undefined) return bytes;
  context.addIssue({ code: 'custom', message: 'must be a size such as 1GiB or 500MB' });
  return z.NEVER;
});
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII');
const source = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must consist of a-z, 0-9 and -')
    .refine(id => id !== 'local', "must not be 'local': that is the embedded store"),
  name: z.string().min(1, 'must not be empty').optional(),
  kind: z.literal('tempo', "must be 'tempo'"),
  url: z.string().refine(isHttpUrl, 'must be an http or https address without user name, query and fragment'),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/, 'is no header name'), headerValue).optional(),
});

/** How a setting is written on the command line and in the environment, where everything is text. */
export type TextForm = 'text' | 'integer' | 'list' | 'switch' | 'json';

export interface Setting {
  readonly form: TextForm;
  /** Placeholder of the value in --help; settings without one are too long for a flag and live in the file. */
  readonly placeholder?: string;
  readonly help: string;
}

/** One line per setting: the flag `--data-dir`, the variable `THROUGHLINE_DATA_DIR` and the key `dataDir` are one thing. */
export const settings = {
  host: { form: 'text', placeholder: 'address', help: 'address to listen on (127.0.0.1)' },
  port: { form: 'integer', placeholder: 'number', help: 'user interface and API; 0 takes a free port (7318)' },
  otlpHttpPort: { form: 'integer', placeholder: 'number', help: 'OTLP/HTTP receiver; 0 takes a free port (4318)' },
  otlpGrpcPort: { form: 'integer', placeholder: 'number', help: 'OTLP/gRPC receiver; 0 takes a free port (4317)' },
  dataDir: { form: 'text', placeholder: 'folder', help: 'where spans are kept (.throughline)' },
  retention: { form: 'text', placeholder: 'duration', help: 'how long spans are kept: 30m, 72h, 7d (72h)' },
  retentionSize: { form: 'text', placeholder: 'size', help: 'drop the oldest spans when the store is larger: 20GiB' },
  logFormat: { form: 'text', placeholder: 'text|json', help: 'one line per event (text)' },
  baggageKeys: { form: 'list', placeholder: 'keys', help: "attributes that count as baggage; 'x.' is a prefix" },
  allowedHosts: { form: 'list', placeholder: 'names', help: 'further names this server is reached under' },
  corsOrigins: { form: 'list', placeholder: 'origins', help: 'web origins whose pages may send spans' },
  readOrigins: { form: 'list', placeholder: 'origins', help: 'web origins whose pages may read traces' },
  frameAncestors: { form: 'list', placeholder: 'origins', help: 'web origins that may embed views' },
  minFreeDisk: { form: 'text', placeholder: 'size', help: 'refuse new spans below this much free disk (1GiB)' },
  pinsMaxBytes: { form: 'text', placeholder: 'size', help: 'what pinned traces may take together (1GiB)' },
  pinOnShare: { form: 'text', placeholder: 'on|off', help: 'pin traces that somebody shares (on)' },
  maxSearchRange: { form: 'text', placeholder: 'duration', help: 'longest search (168h, or the retention if longer)' },
  maxMetricsRange: { form: 'text', placeholder: 'duration', help: 'longest metrics query (24h)' },
  compaction: { form: 'text', placeholder: 'on|off', help: 'rewrite closed segments smaller, in pauses (on)' },
  insecure: { form: 'switch', help: 'allow an address that other machines reach; there is no log-in' },
  sources: { form: 'json', help: 'other Tempo servers to read from (configuration file)' },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;

/** The configuration file; flags and variables are brought to the same shape and pass through it too. */
export const settingsSchema = z.strictObject({
  host: z.string().min(1, 'must not be empty').default('127.0.0.1'),
  port: port.default(7318),
  otlpHttpPort: port.default(4318),
  otlpGrpcPort: port.default(4317),
  dataDir: z.string().min(1, 'must not be empty').default('.throughline'),
  retention: durationMs.default(parseDurationMs('72h') ?? 0),
  retentionSize: sizeBytes.optional(),
  logFormat: z.enum(['text', 'json'], "must be 'text' or 'json'").default('text'),
  baggageKeys: z
    .array(z.string().min(1, 'must not be empty'))
    .default([
      'tenant.id',
      'user.id',
      'enduser.id',
      'session.id',
      'experiment.variant',
      'synthetic_request',
      'baggage.',
    ]),
  allowedHosts: z.array(z.string().regex(/^[^\s/:]+$|^\[.+\]$/, 'must be a host name without port')).default([]),
  corsOrigins: z.array(origin).default([]),
  readOrigins: z.array(origin).default([]),
  frameAncestors: z.array(origin).default([]),
  minFreeDisk: sizeBytes.default(2 ** 30),
  pinsMaxBytes: sizeBytes.default(2 ** 30),
  pinOnShare: z.enum(['on', 'off'], "must be 'on' or 'off'").default('on'),
  maxSearchRange: durationMs.optional(),
  maxMetricsRange: durationMs.default(parseDurationMs('24h') ?? 0),
  compaction: z.enum(['on', 'off'], "must be 'on' or 'off'").default('on'),
  insecure: z.boolean().default(false),
  sources: z
    .array(source)
    .refine(list => new Set(list.map(({ id }) => id)).size === list.length, 'must have distinct ids')
    .default([]),
});

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}
