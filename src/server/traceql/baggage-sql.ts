import type { CompareOp, FieldExpression, Static } from '#domain/traceql/ast.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import { valueSql } from './compare-sql.ts';
import { findValueIds, hasNone, listHas, type ValueIds } from './dictionary.ts';
import { type FilterScope, spansElsewhere } from './filter-scope.ts';
import { exactly, NEVER, negation, type Predicate, roughly } from './predicate.ts';

/** Baggage is a property of the trace: any of its spans may carry it, in any segment. */
export async function compileBaggage(
  key: string,
  op: CompareOp,
  value: Static,
  scope: FilterScope,
): Promise<Predicate> {
  if (value.type === 'nil' && op === '=') return negation(await compileBaggage(key, '!=', value, scope));
  // "Carries the key and none of its values is …" is asked as: carries the key.
  const none = value.type !== 'nil' && (op === '!=' || op === '!~');
  const condition = none ? 'true' : valueSql(op, value, scope.sql);
  const carriers: { readonly id: number; readonly carries: Predicate }[] = [];
  for (const segment of scope.segments) {
    const ids = await findValueIds(scope.sql, segment, AttrScope.baggage, key, condition);
    if (!hasNone(ids)) carriers.push({ id: segment.id, carries: carriesIds(ids, segment) });
  }
  const predicate = spansElsewhere(carriers.map(({ id, carries }) => [id, carries]));
  return none ? roughly(predicate) : predicate;
}

function carriesIds(ids: ValueIds, segment: SegmentRef): Predicate {
  const table = segmentTable('spans', segment.id);
  return exactly(({ rows }) => listHas('s', 'baggage', ids, { table, rowId: 'row_id', among: rows }));
}

/**
 * A predicate that is cheaper than that of the filter and by which each matching trace is found as well; undefined if there
 * is none. A filter of baggage alone holds for all spans of a trace: those that carry it themselves will do.
 */
export async function compileFinder(
  expr: FieldExpression | undefined,
  scope: FilterScope,
): Promise<Predicate | undefined> {
  if (expr?.type === 'logical' && expr.op === '&&') {
    const parts = await Promise.all(expr.operands.map(part => compileFinder(part, scope)));
    return parts.every(part => part !== undefined) ? parts[0] : undefined;
  }
  if (expr?.type !== 'binary' || expr.left.type !== 'attribute' || expr.left.scope !== 'baggage') return undefined;
  if (expr.right.type !== 'static' || !/^(?:=|=~)$/.test(expr.op) || expr.right.value.type === 'nil') return undefined;
  const { sql, segment } = scope;
  const condition = valueSql(expr.op as CompareOp, expr.right.value, sql);
  const ids = await findValueIds(sql, segment, AttrScope.baggage, expr.left.key, condition);
  return hasNone(ids) ? NEVER : roughly(carriesIds(ids, segment));
}
