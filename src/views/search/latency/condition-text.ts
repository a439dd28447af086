import type { PairPart } from '#domain/api/latency-api.ts';
import { queryOf } from '#domain/search/filters.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import { fieldOfTag } from '#views/search/field-of-tag.ts';

/** The operator that holds exactly where the other does not, of spans that have the field. */
export const OPPOSITE = { '=': '!=', '>=': '<', '<': '>=' } as const;

/** A condition of the difference; `!=` only as an opposite. */
export interface Condition {
  readonly field: string;
  readonly operator: PairPart['operator'] | '!=';
  readonly value: TagValue;
}

/** A condition as TraceQL without braces: `resource.service.version = "2.14.0"`, `kind = server`. */
export function conditionText({ field, operator, value }: Condition): string {
  const chip = fieldOfTag(field);
  if (!chip) return `${field} ${operator} ${value.type === 'string' ? quoteGo(value.value) : value.value}`;
  return queryOf([{ field: chip, op: operator, values: [value] }], undefined)
    .replace(/^\{\s*/, '')
    .replace(/\s*\}$/, '');
}

/** Conditions that all hold of one span, as TraceQL without braces. */
export function pairCondition(parts: readonly Condition[]): string {
  return parts.map(conditionText).join(' && ');
}
