import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#domain/result.ts';
import type { SelfcheckOptions } from './selfcheck-options.ts';

/** The words after `selfcheck`. The error is one line. */
export function readSelfcheck(argv: readonly string[]): Result<SelfcheckOptions, string> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        otlp: { type: 'string' },
        tempo: { type: 'string' },
        header: { type: 'string', multiple: true },
        'wait-s': { type: 'string', default: '30' },
      },
    });
    const { otlp, tempo, header = [], 'wait-s': wait } = values;
    const [url, extra] = positionals;
    if (extra !== undefined) return err(`unknown word '${extra}' after selfcheck`);
    if (url === undefined && (otlp === undefined || tempo === undefined)) {
      return err('selfcheck needs the address of a Throughline, or --otlp and --tempo of another server');
    }
    const bad = [url, otlp, tempo].find(address => address !== undefined && !/^https?:\/\/./.test(address));
    if (bad !== undefined) return err(`'${bad}' is no http or https address`);
    const unparsable = [url, otlp, tempo].find(address => address !== undefined && !URL.canParse(address));
    if (unparsable !== undefined) return err(`'${unparsable}' is no address`);
    if (!/^\d{1,5}$/.test(wait)) return err(`--wait-s must be a number of seconds, not '${wait}'`);
    const headers: Record<string, string> = {};
    for (const line of header) {
      const match = /^([A-Za-z0-9-]+):\s*([\x20-\x7e]*)$/.exec(line);
      if (match === null) return err('--header must be written as "name: value"');
      headers[match[1]] = match[2];
    }
    return ok({ url, otlp, tempo, headers, waitMs: Number(wait) * 1000 });
  } catch (error) {
    return err((error as Error).message.split('. ')[0].replace(/\.$/, ''));
  }
}
