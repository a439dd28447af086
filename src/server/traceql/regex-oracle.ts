import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import type { QueryContext } from '#server/store/query-context.ts';

const MEMORY_KEY = 'sound patterns';
const MAX_KEPT = 256;
const MAX_KEPT_LENGTH = 1_024;

/**
 * Answers regular expressions with the engine of the store (RE2: linear time), not with JavaScript's, which backtracks.
 * Asking for a text that is not known yet notes it and answers false; `resolve` looks all noted texts up at once, after
 * which the same evaluation can be run again.
 */
export class RegexOracle {
  readonly #context: QueryContext;
  readonly #known = new Map<string, Map<string, boolean>>();
  readonly #pending = new Map<string, Set<string>>();

  constructor(context: QueryContext) {
    this.#context = context;
  }

  test(pattern: string, text: string): boolean {
    const known = this.#known.get(pattern)?.get(text);
    if (known !== undefined) return known;
    const pending = this.#pending.get(pattern);
    if (pending === undefined) this.#pending.set(pattern, new Set([text]));
    else pending.add(text);
    return false;
  }

  /** True if something had to be looked up: answers since the last call may have been wrong. */
  async resolve(): Promise<boolean> {
    if (this.#pending.size === 0) return false;
    for (const [pattern, texts] of this.#pending) {
      const known = this.#known.get(pattern) ?? new Map<string, boolean>();
      this.#known.set(pattern, known);
      const values = [...texts];
      const { hit } = await this.#context.columns(
        'select regexp_full_match(value, $pattern) as hit from (select unnest($values) as value)',
        { pattern, values },
      );
      values.forEach((value, i) => {
        known.set(value, hit[i] === true);
      });
    }
    this.#pending.clear();
    return true;
  }

  /** Refuses patterns that the engine cannot compile. */
  async check(patterns: Iterable<string>): Promise<void> {
    const sound = (this.#context.memory.get(MEMORY_KEY) ?? new Set()) as Set<string>;
    this.#context.memory.set(MEMORY_KEY, sound);
    for (const pattern of new Set(patterns)) {
      if (sound.has(pattern)) continue;
      try {
        await this.#context.rows("select regexp_full_match('', $pattern)", { pattern });
      } catch (cause) {
        const message = cause instanceof Error ? /^Invalid Input Error: (.*)/s.exec(cause.message)?.[1] : undefined;
        if (message === undefined) throw cause;
        throw new QueryRefused(`invalid TraceQL query: invalid regex: ${message}`);
      }
      if (pattern.length > MAX_KEPT_LENGTH) continue;
      if (sound.size >= MAX_KEPT) sound.clear();
      sound.add(pattern);
    }
  }
}
