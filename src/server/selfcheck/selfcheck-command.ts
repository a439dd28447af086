import { setTimeout as sleep } from 'node:timers/promises';
import type { SelfCheckStep } from '#domain/api/store-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { outboundFetch } from '#server/proxy/outbound-fetch.ts';
import { runSelfcheck } from './run-selfcheck.ts';
import type { SelfcheckOptions } from './selfcheck-options.ts';
import { exitCodeOf, reportText, type SelfcheckExit } from './selfcheck-report.ts';

const REQUEST_MS = 15_000;

/** `throughline selfcheck`: the report and the exit code, or why there is none. */
export async function selfcheckCommand(
  options: SelfcheckOptions,
): Promise<Result<{ readonly text: string; readonly exitCode: SelfcheckExit }, string>> {
  const steps = await checkServer(options);
  return steps.ok ? ok({ text: reportText(steps.value), exitCode: exitCodeOf(steps.value) }) : err(steps.error);
}

/** The check over the network, with the clock of this machine. */
export function checkServer(options: SelfcheckOptions): Promise<Result<readonly SelfCheckStep[], string>> {
  return runSelfcheck(options, {
    send: (url, headers, body) => outboundFetch(url, headers, AbortSignal.timeout(REQUEST_MS), body),
    nowUnixMs: () => Date.now(),
    nowMs: () => performance.now(),
    sleep: async ms => {
      await sleep(ms);
    },
  });
}
