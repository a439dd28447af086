import type { RegexTests } from '#domain/traceql/run/evaluate.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';

/**
 * Regular expressions of TraceQL (RE2, anchored) run by the browser's engine, which knows nearly all of their syntax.
 * `test` throws `QueryRefused` for a pattern that it does not know.
 */
export function browserRegexes(): RegexTests {
  const compiled = new Map<string, RegExp>();
  return {
    test(pattern, text) {
      const known = compiled.get(pattern) ?? compile(pattern);
      compiled.set(pattern, known);
      return known.test(text);
    },
  };
}

function compile(pattern: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern) ?? [];
  const source = rest.replaceAll('(?P<', '(?<').replaceAll('\\z', '$').replaceAll('\\A', '^');
  for (const mode of ['u', '']) {
    try {
      return new RegExp(`^(?:${source})$`, `${flags}${mode}`);
    } catch {
      // The stricter mode refuses needless escapes, the other one classes of Unicode.
    }
  }
  throw new QueryRefused(`invalid TraceQL query: invalid regex: the browser cannot run ${pattern}`);
}
