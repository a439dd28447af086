import type { Field } from '#domain/traceql/ast.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import { traceqlErrorText } from '#domain/traceql/traceql-error.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import { filterFieldKey, filterFieldOf } from './filter.ts';
import { filtersOf, queryOf } from './filters.ts';

/** A field as TraceQL writes it. Throws `QueryRefused` if the text is none. */
export function readField(text: string): Field {
  const read = readQuery(`{ ${text} != nil }`);
  const first = read.ok && read.value.body.type === 'pipeline' ? read.value.body.stages[0] : undefined;
  const expr = first?.type === 'filter' ? first.expr : undefined;
  const field = expr?.type === 'binary' ? expr.left : undefined;
  if (field?.type === 'attribute' || field?.type === 'intrinsic') return field;
  // Comparing some intrinsics with nil is refused; by themselves they are fields all the same.
  const alone = readQuery(`{} | by(${text})`);
  const stage = alone.ok && alone.value.body.type === 'pipeline' ? alone.value.body.stages[1] : undefined;
  if (stage?.type === 'by' && (stage.expr.type === 'attribute' || stage.expr.type === 'intrinsic')) return stage.expr;
  throw new QueryRefused(`${text} is not a field${alone.ok ? '' : `: ${traceqlErrorText(alone.error)}`}`);
}

/** A facet shows what else could be chosen, so its own conditions do not count. */
export function withoutField(q: string, field: Field): string {
  const own = filterFieldOf(field);
  const { filters, rest } = filtersOf(q);
  const active = filters.filter(filter => filter.paused !== true);
  if (own === undefined) return queryOf(active, rest);
  const key = filterFieldKey(own);
  return queryOf(
    active.filter(filter => filterFieldKey(filter.field) !== key),
    rest,
  );
}

/** Every span has a status, a kind, a name and a service, if only an empty one. */
export function isOptionalField(field: Field): boolean {
  if (field.type === 'intrinsic') return field.name !== 'status' && field.name !== 'kind' && field.name !== 'name';
  return !(field.scope === 'resource' && field.key === 'service.name');
}
