import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#domain/result.ts';
import { readSelfcheck } from '#server/selfcheck/read-selfcheck.ts';
import type { SelfcheckOptions } from '#server/selfcheck/selfcheck-options.ts';
import { isLoopback } from './loopback.ts';
import type { ServerOptions } from './server-options.ts';
import { type Setting, type SettingKey, settings, settingsSchema } from './settings.ts';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly options: ServerOptions }
  /** `file` is absolute. */
  | { readonly kind: 'backup'; readonly dataDir: string; readonly file: string }
  | { readonly kind: 'verify'; readonly dataDir: string }
  | { readonly kind: 'selfcheck'; readonly options: SelfcheckOptions };

/** What the command line is read against; a parameter so that tests need neither a process nor a disk. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Text of a file, undefined if there is none. */
  readonly readFile: (path: string) => string | undefined;
}

const configFile = 'throughline.config.json';

/**
 * Flag before environment before file before default. The error is one line: what is wrong where, and what to do.
 */
export function readCommand(argv: readonly string[], around: Surroundings): Result<Command, string> {
  if (argv[0] === 'selfcheck' && !argv.includes('--help')) {
    // It talks to a server over the network: none of the settings of a server concern it.
    const selfcheck = readSelfcheck(argv.slice(1));
    return selfcheck.ok ? ok({ kind: 'selfcheck', options: selfcheck.value }) : err(`${selfcheck.error}. ${helpHint}`);
  }
  const read = readFlags(argv);
  if (!read.ok) return read;
  const { values: flags, words } = read.value;
  if (flags.help === true) return ok({ kind: 'help' });
  if (flags.version === true) return ok({ kind: 'version' });
  const wrong = wordsError(words);
  if (wrong !== undefined) return err(`${wrong}. ${helpHint}`);
  const configured = readConfigFile(flags.config, around);
  if (!configured.ok) return configured;

  const values: Record<string, unknown> = { ...configured.value };
  const origins = new Map(Object.keys(configured.value).map(key => [key, `${key} in ${configFile}`]));
  for (const key of Object.keys(settings) as SettingKey[]) {
    const fromEnv = around.env[variableOf(key)];
    const given = flags[flagOf(key)] ?? (fromEnv === '' ? undefined : fromEnv);
    if (given === undefined) continue;
    const name = flags[flagOf(key)] === undefined ? variableOf(key) : `--${flagOf(key)}`;
    const value = fromText(settings[key], given);
    if (!value.ok) return err(`${name} ${value.error}. ${helpHint}`);
    values[key] = value.value;
    origins.set(key, name);
  }

  const checked = settingsSchema.safeParse(values);
  if (!checked.success) return err(`${explain(checked.error.issues[0], origins)}. ${helpHint}`);
  const { dataDir, retention, retentionSize, minFreeDisk, insecure, sources, allowedHosts, ...more } = checked.data;
  const { maxSearchRange, maxMetricsRange, compaction, pinOnShare, ...rest } = more;
  const [word, file] = words;
  if (word === 'verify') return ok({ kind: 'verify', dataDir: resolve(around.cwd, dataDir) });
  if (word === 'backup' && file !== undefined) {
    return ok({ kind: 'backup', dataDir: resolve(around.cwd, dataDir), file: resolve(around.cwd, file) });
  }
  if (!insecure && !isLoopback(rest.host)) {
    return err(
      `host ${rest.host} can be reached by other machines and there is no log-in. ` +
        'Keep 127.0.0.1 and put a proxy with log-in before it, or add --insecure if the network is trusted',
    );
  }
  return ok({
    kind: 'serve',
    options: {
      ...rest,
      dataDir: resolve(around.cwd, dataDir),
      retentionMs: retention,
      maxBytes: retentionSize,
      minFreeDiskBytes: minFreeDisk,
      // What is kept can be searched.
      maxSearchRangeMs: maxSearchRange ?? Math.max(DEFAULT_SEARCH_RANGE_MS, retention),
      maxMetricsRangeMs: maxMetricsRange,
      compaction: compaction === 'on',
      pinOnShare: pinOnShare === 'on',
      allowedHosts: allowedHosts.map(name => name.toLowerCase().replace(/^\[|\]$/g, '')),
      sources: sources.map(({ name, headers, url, ...source }) => ({
        ...source,
        name: name ?? source.id,
        url: url.replace(/\/+$/, ''),
        headers: headers ?? {},
      })),
    },
  });
}

/** As Tempo's. */
const DEFAULT_SEARCH_RANGE_MS = 604_800_000;

const helpHint = '`throughline --help` lists the settings';

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** What is wrong with the words that are no flags. */
function wordsError([word = 'serve', ...more]: readonly string[]): string | undefined {
  if (!['serve', 'backup', 'verify', 'selfcheck'].includes(word)) {
    return `unknown command '${word}'; there are 'serve', 'backup <file>', 'verify' and 'selfcheck <url>'`;
  }
  const expected = word === 'backup' ? 1 : 0;
  if (more.length < expected) return 'backup needs the name of the file to write';
  return more.length > expected ? `unknown word '${more[expected]}' after ${word}` : undefined;
}

function readFlags(
  argv: readonly string[],
): Result<{ readonly values: Flags; readonly words: readonly string[] }, string> {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'v' },
    config: { type: 'string' },
  };
  for (const key of Object.keys(settings) as SettingKey[]) {
    const { form } = settings[key];
    if (form !== 'json') options[flagOf(key)] = { type: form === 'switch' ? 'boolean' : 'string' };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return ok({ values: values as Flags, words: positionals });
  } catch (error) {
    // parseArgs explains at length; its first sentence is the cause.
    return err(`${(error as Error).message.split('. ')[0].replace(/\.$/, '')}. ${helpHint}`);
  }
}

function readConfigFile(
  named: string | boolean | undefined,
  around: Surroundings,
): Result<Record<string, unknown>, string> {
  const path = resolve(around.cwd, typeof named === 'string' ? named : configFile);
  const text = around.readFile(path);
  if (text === undefined) {
    return typeof named === 'string'
      ? err(`--config ${named} does not exist or cannot be read. Name an existing file`)
      : ok({});
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return ok(value as Record<string, unknown>);
    return err(`${path} must hold one JSON object. ${helpHint}`);
  } catch (error) {
    return err(`${path} is not JSON (${(error as Error).message}). Correct or remove it`);
  }
}

function fromText(setting: Setting, given: string | boolean): Result<unknown, string> {
  if (typeof given === 'boolean') return ok(given);
  switch (setting.form) {
    case 'text':
      return ok(given);
    case 'integer':
      return /^\d+$/.test(given) ? ok(Number(given)) : err(`must be a whole number, not '${given}'`);
    case 'list':
      return ok(
        given
          .split(',')
          .map(item => item.trim())
          .filter(item => item !== ''),
      );
    case 'switch':
      if (given === 'true' || given === '1') return ok(true);
      if (given === 'false' || given === '0') return ok(false);
      return err(`must be true or false, not '${given}'`);
    case 'json':
      try {
        return ok(JSON.parse(given));
      } catch {
        return err('must be JSON');
      }
  }
}

function explain(
  issue:
    | {
        readonly code?: string;
        readonly path: readonly PropertyKey[];
        readonly message: string;
        readonly keys?: readonly string[];
      }
    | undefined,
  origins: ReadonlyMap<string, string>,
): string {
  if (issue === undefined) return 'the configuration is invalid';
  const [key, ...inner] = issue.path.map(String);
  const where = `${origins.get(key) ?? key ?? configFile}${inner.map(part => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('')}`;
  if (issue.code === 'unrecognized_keys') return `${where}: unknown setting '${issue.keys?.[0] ?? ''}'`;
  return `${where}: ${issue.message}`;
}

/** `otlpHttpPort` → `otlp-http-port`. */
export function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

/** `otlpHttpPort` → `THROUGHLINE_OTLP_HTTP_PORT`. */
export function variableOf(key: string): string {
  return `THROUGHLINE_${flagOf(key).replaceAll('-', '_').toUpperCase()}`;
}
