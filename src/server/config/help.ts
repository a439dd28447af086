import { flagOf } from './read-command.ts';
import { type Setting, settings } from './settings.ts';

/** The text of --help. */
export function helpText(): string {
  const rows = Object.entries<Setting>(settings)
    .filter(([, { form }]) => form !== 'json')
    .map(([key, { placeholder, help }]) => [
      `--${flagOf(key)}${placeholder === undefined ? '' : ` <${placeholder}>`}`,
      help,
    ]);
  rows.push(['--config <file>', 'configuration file (throughline.config.json)'], ['--help, --version', '']);
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2;
  return [
    'throughline [serve] [flags]',
    'throughline backup <file> [flags]   write the store to one file; a server may be running',
    'throughline verify [flags]          read the whole store and report damage',
    'throughline selfcheck <url>         send known traces to a server and read them back;',
    '                                    --otlp <url> --tempo <url> for a server that is no Throughline,',
    "                                    --header 'name: value', --wait-s <seconds> (30)",
    '',
    'Receives OpenTelemetry traces, keeps them, and shows them in the browser.',
    '',
    ...rows.map(([flag, help]) => `  ${flag.padEnd(width)}${help}`.trimEnd()),
    '',
    'Each flag is also a variable (--data-dir: THROUGHLINE_DATA_DIR) and a key of the configuration file (dataDir),',
    "which also takes 'sources'. A flag goes before a variable, a variable before the file.",
    '',
  ].join('\n');
}
