import type { AttributeField, CompareOp, Field, Static } from '#domain/traceql/ast.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import { compileBaggage } from './baggage-sql.ts';
import { textSql, valueSql } from './compare-sql.ts';
import { columnHas, findValueIds, hasNone, isProbed, listHas, listOf, type ValueIds } from './dictionary.ts';
import type { FilterScope } from './filter-scope.ts';
import { compileIntrinsic } from './intrinsic-sql.ts';
import { ALWAYS, both, either, exactly, NEVER, negation, type Predicate, roughly, UNKNOWN } from './predicate.ts';

/** Spans whose field compares with a constant. */
export async function compileComparison(
  field: Field,
  op: CompareOp,
  value: Static,
  scope: FilterScope,
): Promise<Predicate> {
  if (field.type === 'intrinsic') return value.type === 'nil' ? UNKNOWN : compileIntrinsic(field, op, value, scope);
  const { sql, segment } = scope;
  const isMissing = value.type === 'nil' && op === '=';
  switch (field.scope) {
    case 'span': {
      const has = await spanHas(field.key, op, value, scope);
      return isMissing ? negation(has) : has;
    }
    case 'resource': {
      if (field.key === 'service.name' && value.type === 'string') return exactly(textSql('s.service', op, value, sql));
      // service.name is never missing: it is "" then.
      if (field.key === 'service.name' && value.type === 'nil') return isMissing ? NEVER : ALWAYS;
      const has = await ownerHas('resource', field.key, op, value, scope);
      return isMissing ? negation(has) : has;
    }
    case 'instrumentation': {
      const has = await ownerHas('instrumentation', field.key, op, value, scope);
      return isMissing ? negation(has) : has;
    }
    case 'any':
      return compileUnscoped(field, op, value, scope);
    case 'event':
    case 'link': {
      const [table, attrScope] =
        field.scope === 'event' ? (['events', AttrScope.event] as const) : (['links', AttrScope.link] as const);
      const rows = segmentTable(table, segment.id);
      if (isMissing) return roughly(exactly(`s.row_id in (select row_id from ${rows})`));
      const ids = await findValueIds(sql, segment, attrScope, field.key, valueSql(op, value, sql));
      if (hasNone(ids)) return NEVER;
      if (isProbed(ids)) {
        return exactly(
          `s.row_id in (select c.row_id from ${rows} c where ${listHas('c', 'attrs', ids, { table: rows, rowId: 'row_id', among: '' })})`,
        );
      }
      return exactly(
        `s.row_id in (select row_id from (select row_id, unnest(attrs) as value from ${rows}) where value in (${listOf(ids)}))`,
      );
    }
    case 'baggage':
      return compileBaggage(field.key, op, value, scope);
    case 'parent':
      return UNKNOWN;
  }
}

/** Spans with the attribute (for nil: at all) whose value compares. */
async function spanHas(key: string, op: CompareOp, value: Static, { sql, segment }: FilterScope): Promise<Predicate> {
  const ids = await findValueIds(sql, segment, AttrScope.span, key, valueSql(op, value, sql));
  return spanHasIds(key, ids, segment);
}

/** Spans that carry one of the dictionary's values of a key. */
export function spanHasIds(key: string, ids: ValueIds, segment: SegmentRef): Predicate {
  if (hasNone(ids)) return NEVER;
  const promoted = segment.promoted.get(key);
  if (promoted !== undefined) return exactly(columnHas(`s.${promoted}`, ids));
  const table = segmentTable('spans', segment.id);
  return exactly(({ rows }) => listHas('s', 'attrs', ids, { table, rowId: 'row_id', among: rows }));
}

/** Spans of a resource or instrumentation scope with such an attribute. */
async function ownerHas(
  owner: 'resource' | 'instrumentation',
  key: string,
  op: CompareOp,
  value: Static,
  { sql, segment }: FilterScope,
): Promise<Predicate> {
  const ids = await findValueIds(sql, segment, AttrScope[owner], key, valueSql(op, value, sql));
  if (hasNone(ids)) return NEVER;
  const table = segmentTable(owner === 'resource' ? 'resources' : 'scopes', segment.id);
  const column = owner === 'resource' ? 's.resource_id' : 's.scope_id';
  const condition = listHas('o', 'attrs', ids, { table, rowId: 'id', among: '' });
  return exactly(`coalesce(${column} in (select o.id from ${table} o where ${condition}), false)`);
}

/** The span's own value hides that of its resource. */
async function compileUnscoped(
  field: AttributeField,
  op: CompareOp,
  value: Static,
  scope: FilterScope,
): Promise<Predicate> {
  const exists: Static = { type: 'nil' };
  const isService = field.key === 'service.name';
  const onSpan = await spanHas(field.key, '!=', exists, scope);
  if (value.type === 'nil') {
    const onResource = isService ? ALWAYS : await ownerHas('resource', field.key, '!=', exists, scope);
    const onEither = either([onSpan, onResource]);
    return op === '=' ? negation(onEither) : onEither;
  }
  const own = await spanHas(field.key, op, value, scope);
  const resource =
    isService && value.type === 'string'
      ? exactly(textSql('s.service', op, value, scope.sql))
      : await ownerHas('resource', field.key, op, value, scope);
  return either([own, both([resource, negation(onSpan)])]);
}
