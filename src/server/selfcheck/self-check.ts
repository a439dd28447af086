import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SelfCheckReport, SelfCheckState } from '#domain/api/store-api.ts';
import { checkServer } from './selfcheck-command.ts';
import { exitCodeOf } from './selfcheck-report.ts';

const WAIT_MS = 10_000;
const VERDICTS = { 0: 'right', 1: 'wrong', 3: 'late' } as const;

/** The check that a server makes of itself, over its own ports as everybody else. The last result outlives a restart. */
export class SelfCheck {
  readonly #file: string;
  readonly #addresses: () => { readonly otlp: string; readonly ui: string };
  #last: SelfCheckReport | undefined;
  #running: Promise<SelfCheckReport> | undefined;

  /** `addresses` is asked at each check: ports are known only once they listen. */
  constructor(dataDir: string, addresses: () => { readonly otlp: string; readonly ui: string }) {
    this.#file = join(dataDir, 'selfcheck.json');
    this.#addresses = addresses;
    this.#last = readReport(this.#file);
  }

  get state(): SelfCheckState {
    return { isRunning: this.#running !== undefined, last: this.#last };
  }

  /** One at a time: who asks meanwhile gets the result of the one under way. */
  run(): Promise<SelfCheckReport> {
    this.#running ??= this.#check().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #check(): Promise<SelfCheckReport> {
    const { otlp, ui } = this.#addresses();
    const checked = await checkServer({ url: undefined, otlp, tempo: `${ui}/tempo`, headers: {}, waitMs: WAIT_MS });
    const atUnixMs = Date.now();
    const report: SelfCheckReport = checked.ok
      ? { atUnixMs, verdict: VERDICTS[exitCodeOf(checked.value)], steps: checked.value }
      : { atUnixMs, verdict: 'failed', steps: [], error: checked.error };
    this.#last = report;
    keepReport(this.#file, report);
    return report;
  }
}

function readReport(file: string): SelfCheckReport | undefined {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as SelfCheckReport;
    return typeof report.atUnixMs === 'number' && Array.isArray(report.steps) ? report : undefined;
  } catch {
    return undefined;
  }
}

/** A disk that takes nothing is told elsewhere; the result is still shown until the server ends. */
function keepReport(file: string, report: SelfCheckReport): void {
  try {
    writeFileSync(`${file}.partial`, JSON.stringify(report), { mode: 0o600 });
    renameSync(`${file}.partial`, file);
  } catch {}
}
