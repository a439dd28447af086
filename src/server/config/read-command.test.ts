import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { helpText } from './help.ts';
import { flagOf, readCommand, type Surroundings, variableOf } from './read-command.ts';
import { settings } from './settings.ts';

const around = (env: Record<string, string> = {}, file?: string): Surroundings => ({
  env,
  cwd: '/srv',
  readFile: path => (path === '/srv/throughline.config.json' ? file : undefined),
});

function optionsOf(argv: readonly string[], env: Record<string, string> = {}, file?: object) {
  const result = readCommand(argv, around(env, file === undefined ? undefined : JSON.stringify(file)));
  if (!result.ok) throw new Error(result.error);
  if (result.value.kind !== 'serve') throw new Error(result.value.kind);
  return result.value.options;
}

function errorOf(argv: readonly string[], env: Record<string, string> = {}, file?: string): string {
  const result = readCommand(argv, around(env, file));
  if (result.ok) throw new Error('accepted');
  expect(result.error).not.toContain('\n');
  return result.error;
}

test('defaults', () => {
  expect(optionsOf([])).toEqual({
    host: '127.0.0.1',
    port: 7318,
    otlpHttpPort: 4318,
    otlpGrpcPort: 4317,
    dataDir: '/srv/.throughline',
    retentionMs: 72 * 3_600_000,
    logFormat: 'text',
    baggageKeys: [
      'tenant.id',
      'user.id',
      'enduser.id',
      'session.id',
      'experiment.variant',
      'synthetic_request',
      'baggage.',
    ],
    sources: [],
    allowedHosts: [],
    frameAncestors: [],
    corsOrigins: [],
    readOrigins: [],
    minFreeDiskBytes: 2 ** 30,
    pinsMaxBytes: 2 ** 30,
    maxSearchRangeMs: 604_800_000,
    maxMetricsRangeMs: 86_400_000,
    compaction: true,
    pinOnShare: true,
  });
});

test('a search may reach as far back as spans are kept, unless it is told otherwise', () => {
  expect(optionsOf(['--retention', '30d'])).toMatchObject({ maxSearchRangeMs: 2_592_000_000 });
  expect(optionsOf(['--retention', '30d', '--max-search-range', '7d'])).toMatchObject({
    maxSearchRangeMs: 604_800_000,
  });
});

test('a flag goes before a variable, a variable before the file, the file before the default', () => {
  const env = { THROUGHLINE_PORT: '2', THROUGHLINE_OTLP_HTTP_PORT: '22' };
  const file = { port: 3, otlpHttpPort: 33, retention: '7d' };
  expect(optionsOf(['serve', '--port', '1'], env, file)).toMatchObject({
    port: 1,
    otlpHttpPort: 22,
    retentionMs: 604_800_000,
  });
  expect(optionsOf(['--port=0'], { THROUGHLINE_PORT: '' }, file)).toMatchObject({ port: 0, otlpHttpPort: 33 });
});

test('commands on a store that no server has open', () => {
  const read = (...argv: string[]) => readCommand(argv, around({ THROUGHLINE_DATA_DIR: 'data' }));
  expect(read('backup', 'copy.duckdb')).toEqual({
    ok: true,
    value: { kind: 'backup', dataDir: '/srv/data', file: '/srv/copy.duckdb' },
  });
  expect(read('verify')).toEqual({ ok: true, value: { kind: 'verify', dataDir: '/srv/data' } });
});

test('lists, sizes, durations and sources', () => {
  const options = optionsOf(
    [
      '--baggage-keys',
      'tenant.id, app.',
      '--retention',
      '1h30m',
      '--min-free-disk',
      '500MB',
      '--retention-size',
      '2GiB',
    ],
    {},
    {
      allowedHosts: ['Traces.Example.com'],
      sources: [
        { id: 'prod', kind: 'tempo', url: 'https://tempo.example.com/tempo/', headers: { authorization: 'Bearer x' } },
      ],
    },
  );
  expect(options).toMatchObject({
    baggageKeys: ['tenant.id', 'app.'],
    retentionMs: 5_400_000,
    minFreeDiskBytes: 500e6,
    compaction: true,
    pinOnShare: true,
    maxBytes: 2 ** 31,
    allowedHosts: ['traces.example.com'],
    sources: [
      { id: 'prod', name: 'prod', url: 'https://tempo.example.com/tempo', headers: { authorization: 'Bearer x' } },
    ],
  });
});

describe('errors are one line with the name as it was written and the remedy', () => {
  test.each([
    [['--prot', '1'], {}, undefined, /'--prot'.*--help/],
    [['--port', 'x'], {}, undefined, /^--port must be a whole number, not 'x'/],
    [['--port', '70000'], {}, undefined, /^--port: must be at most 65535/],
    [['--port'], {}, undefined, /--port/],
    [[], { THROUGHLINE_RETENTION: '3 days' }, undefined, /^THROUGHLINE_RETENTION: must be a duration/],
    [['--retention', '5s'], {}, undefined, /at least 1m/],
    [[], {}, '{"retntion":"3h"}', /unknown setting 'retntion'/],
    [[], {}, '{"port":"7318"}', /^port in throughline\.config\.json: must be a whole number/],
    [[], {}, '{ not json', /is not JSON/],
    [[], {}, '[]', /one JSON object/],
    [
      [],
      {},
      '{"sources":[{"id":"local","kind":"tempo","url":"http://x"}]}',
      /sources in .*\[0\]\.id: must not be 'local'/,
    ],
    [
      [],
      {},
      '{"sources":[{"id":"a","kind":"tempo","url":"file:///etc/passwd"}]}',
      /\[0\]\.url: must be an http or https/,
    ],
    [['--cors-origins', '*'], {}, undefined, /^--cors-origins\[0\]: must be an origin/],
    [['--log-format', 'xml'], {}, undefined, /must be 'text' or 'json'/],
    [['--config', 'other.json'], {}, undefined, /other\.json does not exist/],
    [['run'], {}, undefined, /unknown command 'run'/],
    [['backup'], {}, undefined, /backup needs the name of the file/],
    [['verify', 'x'], {}, undefined, /unknown word 'x' after verify/],
  ] as const)('%j %j %j', (argv, env, file, expected) => {
    expect(errorOf(argv, env, file)).toMatch(expected);
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.0.0.1.example.com'])('%s needs --insecure', host => {
    expect(errorOf(['--host', host])).toMatch(/--insecure/);
    expect(optionsOf(['--host', host, '--insecure']).host).toBe(host);
  });
});

test('the documentation names every setting in its three forms', () => {
  const documentation = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  for (const key of Object.keys(settings)) {
    const row = documentation.split('\n').find(line => line.includes(`\`${key}\``) && line.startsWith('|')) ?? '';
    expect(row, key).toContain(`\`${variableOf(key)}\``);
    if (key !== 'sources') expect(row).toContain(`\`--${flagOf(key)}\``);
  }
});

test('help and version', () => {
  expect(readCommand(['-h'], around())).toEqual({ ok: true, value: { kind: 'help' } });
  expect(readCommand(['--version', '--port', 'x'], around())).toEqual({ ok: true, value: { kind: 'version' } });
  for (const [key, { form }] of Object.entries(settings)) {
    if (form !== 'json') expect(helpText()).toContain(`--${key.replace(/[A-Z]/g, l => `-${l.toLowerCase()}`)}`);
  }
});
