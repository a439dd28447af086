import { type FilterField, filterFieldOf } from '#domain/search/filter.ts';
import { parseQuery } from '#domain/traceql/parse.ts';

/** The chip field that TraceQL names: `span.http.route`, `baggage.tenant.id`. Undefined where no chip exists for it. */
export function fieldOfTag(tag: string): FilterField | undefined {
  const parsed = parseQuery(`{ ${tag} = 1 }`);
  const first = parsed.ok && parsed.value.body.type === 'pipeline' ? parsed.value.body.stages[0] : undefined;
  if (first?.type !== 'filter' || first.expr?.type !== 'binary') return undefined;
  const { left } = first.expr;
  return left.type === 'attribute' || left.type === 'intrinsic' ? filterFieldOf(left) : undefined;
}

/** As `fieldOfTag`, where its values can be held against each other: durations are an axis already. */
export function splitFieldOfTag(tag: string): FilterField | undefined {
  const field = fieldOfTag(tag);
  return field?.kind === 'duration' ? undefined : field;
}
