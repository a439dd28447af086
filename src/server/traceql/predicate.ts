/**
 * A condition on the rows `s` of one spans table. `text` is never NULL in SQL. If it is not `exact` it holds for more spans
 * than it should (never fewer): good enough to find candidates, which are then judged by `evaluate.ts`.
 */
export interface Predicate {
  readonly exact: boolean;
  /** Known beforehand: no span, or any span. */
  readonly constant: boolean | undefined;
  text(among: Among): string;
}

/** Narrows the inner scans of a predicate: what holds for every row (or every trace) that is asked about. */
export interface Among {
  /** ` where …` over the rows of the spans table itself. */
  readonly rows: string;
  /** ` where trace_id in …`: other spans of the same traces, in any segment; empty where nothing is known. */
  readonly traces: string;
}

export const ANYWHERE: Among = { rows: '', traces: '' };

export const ALWAYS: Predicate = { exact: true, constant: true, text: () => 'true' };
export const NEVER: Predicate = { exact: true, constant: false, text: () => 'false' };
/** Nothing is known in SQL. */
export const UNKNOWN: Predicate = { exact: false, constant: true, text: () => 'true' };

export function exactly(text: string | ((among: Among) => string)): Predicate {
  return { exact: true, constant: undefined, text: typeof text === 'string' ? () => text : text };
}

export function roughly(predicate: Predicate): Predicate {
  return predicate.exact ? { ...predicate, exact: false } : predicate;
}

export function both(parts: readonly Predicate[]): Predicate {
  if (parts.some(p => p.constant === false)) return NEVER;
  const exact = parts.every(p => p.exact);
  const used = parts.filter(p => p.constant !== true);
  if (used.length === 0) return exact ? ALWAYS : UNKNOWN;
  return { exact, constant: undefined, text: among => `(${used.map(p => p.text(among)).join(' and ')})` };
}

export function either(parts: readonly Predicate[]): Predicate {
  if (parts.some(p => p.constant === true && p.exact)) return ALWAYS;
  if (parts.some(p => p.constant === true)) return UNKNOWN;
  const exact = parts.every(p => p.exact);
  const used = parts.filter(p => p.constant !== false);
  if (used.length === 0) return exact ? NEVER : { ...NEVER, exact };
  return { exact, constant: undefined, text: among => `(${used.map(p => p.text(among)).join(' or ')})` };
}

export function negation(part: Predicate): Predicate {
  if (!part.exact) return UNKNOWN;
  if (part.constant !== undefined) return part.constant ? NEVER : ALWAYS;
  return exactly(among => `(not ${part.text(among)})`);
}
