import type { Attribute } from '#domain/trace/trace-table.ts';

/** Keys that are set more than once, which OpenTelemetry forbids, and how often. */
export function repeatedKeys(attributes: readonly Attribute[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { key } of attributes) times.set(key, (times.get(key) ?? 0) + 1);
  return new Map([...times].filter(([, count]) => count > 1));
}
