import type { FieldExpression, SpansetFilter, Stage } from '#domain/traceql/ast.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printQuery } from '#domain/traceql/print.ts';

const PLACE = { from: 0, to: 0 };

/**
 * A query with one more condition, as text: inside its first braces, or beside what stands in their place. Undefined where
 * the query or the condition is not understood, or the query is arithmetic over others.
 */
export function withCondition(query: string, condition: string): string | undefined {
  const added = parseQuery(`{ ${condition} }`);
  const parsed = parseQuery(query);
  if (!added.ok || !parsed.ok) return undefined;
  const { body, hints } = parsed.value;
  const filter = added.value.body.type === 'pipeline' ? added.value.body.stages[0] : undefined;
  if (body.type !== 'pipeline' || filter?.type !== 'filter') return undefined;
  const [first, ...more] = body.stages;
  return printQuery({ body: { ...body, stages: [...joined(filter, first!), ...more] }, hints });
}

function joined(filter: SpansetFilter, first: Stage): readonly Stage[] {
  if (first.type === 'filter') {
    if (first.expr === undefined) return [filter];
    const operands = [...conjuncts(first.expr), ...conjuncts(filter.expr!)];
    return [{ type: 'filter', expr: { type: 'logical', op: '&&', operands, ...PLACE }, ...PLACE }];
  }
  if (first.type === 'by' || first.type === 'coalesce' || first.type === 'select') return [filter, first];
  const pipeline: Stage = { type: 'pipeline', stages: [filter], ...PLACE };
  const left = first.type === 'pipeline' ? pipeline : filter;
  return [{ type: 'combination', op: '&&', operands: [left, first], ...PLACE }];
}

function conjuncts(expr: FieldExpression): readonly FieldExpression[] {
  return expr.type === 'logical' && expr.op === '&&' ? expr.operands : [expr];
}
