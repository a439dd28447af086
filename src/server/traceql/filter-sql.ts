import type {
  AttributeField,
  Binary,
  CompareOp,
  Field,
  FieldExpression,
  IntrinsicField,
  Static,
} from '#domain/traceql/ast.ts';
import { fieldChildren, fold } from '#domain/traceql/fold.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import type { SegmentRef } from '#server/store/query-context.ts';
import { AttrScope, segmentTable } from '#server/store/schema/segment-table.ts';
import { numberSql, textSql, valueSql } from './compare-sql.ts';
import { columnHas, findValueIds, hasNone, listHas, type ValueIds } from './dictionary.ts';
import { isEventField, isLinkField } from './evaluate.ts';
import {
  ALWAYS,
  type Among,
  ANYWHERE,
  both,
  either,
  exactly,
  NEVER,
  negation,
  type Predicate,
  roughly,
  UNKNOWN,
} from './predicate.ts';
import type { SqlBuilder } from './sql-params.ts';
import { compareValues, type Value, valueOfStatic } from './value.ts';

/** What a compilation runs over. */
export interface FilterScope {
  readonly sql: SqlBuilder;
  readonly segment: SegmentRef;
  /** All segments that may hold spans of a trace in question: conditions on the whole trace look at each. */
  readonly segments: readonly SegmentRef[];
}

/** The condition of a filter as SQL over the spans of one segment. */
export async function compileFilter(expr: FieldExpression | undefined, scope: FilterScope): Promise<Predicate> {
  if (expr === undefined) return ALWAYS;
  const { children, negates } = childConditions(expr);
  const atoms = await compileAtoms(expr, scope);
  const predicate = fold<FieldExpression, Predicate>(expr, booleanChildren, (node, parts) => {
    const atom = atoms.get(node);
    if (atom === undefined) {
      if (node.type === 'logical') return node.op === '&&' ? both(parts) : either(parts);
      return negation(parts[0]);
    }
    // "Not this event" is asked of each event, which is another question than "no event is this": SQL must not answer it.
    return negates && childConditions(node).children > 0 ? roughly(atom) : atom;
  });
  return children > 1 ? roughly(predicate) : predicate;
}

/** Conditions on events and links: SQL asks them one by one, although they have to hold together of one. */
function childConditions(expr: FieldExpression): { readonly children: number; readonly negates: boolean } {
  const found = { children: 0, negates: false };
  fold<FieldExpression, void>(expr, fieldChildren, node => {
    if (isEventField(node) || isLinkField(node)) found.children++;
    if (node.type === 'unary' && node.op === '!') found.negates = true;
  });
  return found;
}

/** Below a comparison, and below a list of values for one attribute, SQL sees no conditions any more. */
function booleanChildren(node: FieldExpression): readonly FieldExpression[] {
  if (valueList(node) !== undefined) return [];
  return node.type === 'logical' || (node.type === 'unary' && node.op === '!') ? fieldChildren(node) : [];
}

/** How many look-ups in the dictionary the condition costs in each segment. */
export function countConditions(expr: FieldExpression | undefined): number {
  let count = 0;
  if (expr === undefined) return count;
  fold<FieldExpression, void>(expr, booleanChildren, node => {
    if (booleanChildren(node).length === 0) count++;
  });
  return count;
}

async function compileAtoms(expr: FieldExpression, scope: FilterScope): Promise<Map<FieldExpression, Predicate>> {
  const found: FieldExpression[] = [];
  fold<FieldExpression, void>(expr, booleanChildren, node => {
    if (booleanChildren(node).length === 0) found.push(node);
  });
  const atoms = new Map<FieldExpression, Predicate>();
  for (const atom of found) atoms.set(atom, await compileAtom(atom, scope));
  return atoms;
}

/** `span.a = 1 || span.a = 2 || …`: one look-up however long the list is. */
function valueList(
  node: FieldExpression,
): { readonly key: string; readonly values: readonly [CompareOp, Static][] } | undefined {
  if (node.type !== 'logical' || node.op !== '||') return undefined;
  const values: [CompareOp, Static][] = [];
  let key: string | undefined;
  for (const operand of node.operands) {
    if (operand.type !== 'binary' || operand.right.type !== 'static' || operand.right.value.type === 'nil')
      return undefined;
    const { op, left } = operand;
    if (left.type !== 'attribute' || left.scope !== 'span' || !isCompare(op)) return undefined;
    key ??= left.key;
    if (key !== left.key) return undefined;
    values.push([op, operand.right.value]);
  }
  return key === undefined ? undefined : { key, values };
}

async function compileAtom(node: FieldExpression, scope: FilterScope): Promise<Predicate> {
  const list = valueList(node);
  if (list !== undefined) {
    const condition = list.values.map(([op, value]) => `(${valueSql(op, value, scope.sql)})`).join(' or ');
    const ids = await findValueIds(scope.sql, scope.segment, AttrScope.span, list.key, condition);
    return spanHasIds(list.key, ids, scope.segment);
  }
  switch (node.type) {
    case 'static':
      return node.value.type === 'bool' && node.value.value ? ALWAYS : NEVER;
    case 'attribute':
      // A bare attribute holds where it is true.
      return compileComparison(node, '=', { type: 'bool', value: true }, scope);
    case 'binary':
      return compileBinary(node, scope);
    default:
      return UNKNOWN;
  }
}

async function compileBinary(node: Binary, scope: FilterScope): Promise<Predicate> {
  const { op, left, right } = node;
  if (!isCompare(op)) return UNKNOWN;
  if (left.type === 'static' && right.type === 'static') return compileConstants(op, left.value, right.value);
  if (isField(left) && right.type === 'static') return compileComparison(left, op, right.value, scope);
  if (isField(right) && left.type === 'static' && op !== '=~' && op !== '!~') {
    return compileComparison(right, MIRRORED[op] ?? op, left.value, scope);
  }
  return roughly(await compileOperandsExist(node, scope));
}

const MIRRORED: Partial<Record<CompareOp, CompareOp>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function isCompare(op: string): op is CompareOp {
  return !/^[-+*/%^]$/.test(op);
}

function isField(node: FieldExpression): node is Field {
  return node.type === 'attribute' || node.type === 'intrinsic';
}

function compileConstants(op: CompareOp, left: Static, right: Static): Predicate {
  if (op === '=~' || op === '!~') return UNKNOWN;
  return compareValues(op, valueOfStatic(left), valueOfStatic(right)) ? ALWAYS : NEVER;
}

/** A calculation over a missing attribute is missing, so the first attribute in it must be there. */
async function compileOperandsExist(node: Binary, scope: FilterScope): Promise<Predicate> {
  const isNil = [node.left, node.right].some(n => n.type === 'static' && n.value.type === 'nil');
  if (isNil) return UNKNOWN;
  // Conditions inside are true or false, never missing.
  const calculated = (n: FieldExpression) =>
    n === node || (n.type === 'binary' && !isCompare(n.op)) || (n.type === 'unary' && n.op === '-')
      ? fieldChildren(n)
      : [];
  let first: AttributeField | undefined;
  fold<FieldExpression, void>(node, calculated, n => {
    if (n.type === 'attribute' && n.scope !== 'any') first ??= n;
  });
  return first === undefined ? UNKNOWN : compileComparison(first, '!=', { type: 'nil' }, scope);
}

async function compileComparison(field: Field, op: CompareOp, value: Static, scope: FilterScope): Promise<Predicate> {
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
      if ('few' in ids) {
        return exactly(
          `s.row_id in (select c.row_id from ${rows} c where ${listHas('c', 'attrs', ids, { table: rows, rowId: 'row_id', among: '' })})`,
        );
      }
      return exactly(
        `s.row_id in (select row_id from (select row_id, unnest(attrs) as value from ${rows}) where value in (${ids.subquery}))`,
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

function spanHasIds(key: string, ids: ValueIds, segment: SegmentRef): Predicate {
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

/** Baggage is a property of the trace: any of its spans may carry it, in any segment. */
async function compileBaggage(key: string, op: CompareOp, value: Static, scope: FilterScope): Promise<Predicate> {
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

/** Spans whose trace has a span that fulfils the predicate of its segment. Exact if the predicates are. */
export function spansElsewhere(parts: readonly (readonly [segment: number, predicate: Predicate])[]): Predicate {
  if (parts.some(([, p]) => p.constant === true)) return UNKNOWN;
  const used = parts.filter(([, p]) => p.constant === undefined);
  if (used.length === 0) return NEVER;
  const text = ({ traces }: Among): string => {
    const joined = traces === '' ? ' where ' : `${traces} and `;
    const inner: Among = { rows: traces, traces };
    return used
      .map(([id, p]) => `select s.trace_id from ${segmentTable('spans', id)} s${joined}${p.text(inner)}`)
      .join(' union all ');
  };
  return {
    exact: used.every(([, p]) => p.exact),
    constant: undefined,
    text: among => `s.trace_id in (${text(among)})`,
  };
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

async function compileIntrinsic(
  field: IntrinsicField,
  op: CompareOp,
  value: Static,
  scope: FilterScope,
): Promise<Predicate> {
  const { sql, segment, segments } = scope;
  const owner = (column: string) =>
    exactly(
      `coalesce(s.scope_id in (select id from ${segmentTable('scopes', segment.id)} where ${textSql(column, op, value, sql)}), false)`,
    );
  switch (field.name) {
    case 'name':
      return exactly(textSql('s.name', op, value, sql));
    case 'statusMessage':
      return exactly(textSql('s.status_message', op, value, sql));
    case 'duration':
      return exactly(numberSql('s.duration_ns', op, value));
    case 'status':
      return value.type === 'status' ? equality('s.status', op, STATUS_NAMES.indexOf(value.value)) : NEVER;
    case 'kind':
      return value.type === 'kind' ? equality('s.kind', op, KIND_NAMES.indexOf(value.value)) : NEVER;
    case 'trace:id':
      return compileTraceId('s.trace_id', op, value);
    case 'span:id':
      return exactly(textSql(hexOf('s.span_id'), op, value, sql));
    case 'span:parentID':
      return exactly(`(s.parent_span_id <> 0 and ${textSql(hexOf('s.parent_span_id'), op, value, sql)})`);
    case 'nestedSetParent':
      return compileNestedSetParent(op, value);
    case 'instrumentation:name':
      return owner('name');
    case 'instrumentation:version':
      return owner('version');
    case 'event:name':
      return exactly(
        `s.row_id in (select row_id from ${segmentTable('events', segment.id)} where ${textSql('name', op, value, sql)})`,
      );
    case 'event:timeSinceStart':
      return roughly(exactly(`s.row_id in (select row_id from ${segmentTable('events', segment.id)})`));
    case 'link:spanID':
      return exactly(
        `s.row_id in (select row_id from ${segmentTable('links', segment.id)} where ${textSql(hexOf('span_id'), op, value, sql)})`,
      );
    case 'link:traceID': {
      const condition = compileTraceId('trace_id', op, value);
      return condition.constant === undefined
        ? exactly(
            `s.row_id in (select row_id from ${segmentTable('links', segment.id)} where ${condition.text(ANYWHERE)})`,
          )
        : condition;
    }
    case 'rootName':
    case 'rootServiceName':
      return compileRoot(field.name === 'rootName' ? 'name' : 'service', op, value, scope);
    case 'traceDuration': {
      if (op !== '>' && op !== '>=') return UNKNOWN;
      const all = ({ traces }: Among) =>
        segments
          .map(({ id }) => `select trace_id, start_ns, duration_ns from ${segmentTable('spans', id)}${traces}`)
          .join(' union all ');
      const long = numberSql('(max(start_ns + duration_ns) - min(start_ns))', op, value);
      return roughly(
        exactly(among => `s.trace_id in (select trace_id from (${all(among)}) group by trace_id having ${long})`),
      );
    }
    default:
      return UNKNOWN;
  }
}

function equality(column: string, op: CompareOp, number: number): Predicate {
  return op === '=' || op === '!=' ? exactly(`${column} ${op === '=' ? '=' : '<>'} ${number}`) : NEVER;
}

function hexOf(column: string): string {
  return `lpad(lower(to_hex(${column})), 16, '0')`;
}

/** Padded or stripped; other comparisons than equality are left to the evaluation. */
function compileTraceId(column: string, op: CompareOp, value: Static): Predicate {
  if (value.type !== 'string') return NEVER;
  if (op !== '=' && op !== '!=') return UNKNOWN;
  if (!/^[0-9a-f]{1,32}$/.test(value.value)) return op === '=' ? NEVER : ALWAYS;
  return exactly(`${column} ${op === '=' ? '=' : '<>'} ${BigInt(`0x${value.value}`)}::uhugeint`);
}

/** Roots are -1; inner numbers are 0 and more and not known in SQL. */
function compileNestedSetParent(op: CompareOp, value: Static): Predicate {
  const constant: Value = valueOfStatic(value);
  const root = compareValues(op, -1n, constant);
  if (
    root &&
    !compareValues(op, 0n, constant) &&
    !compareValues(op, 1n, constant) &&
    !compareValues(op, 1_000_000_000n, constant)
  ) {
    return exactly('s.parent_span_id = 0');
  }
  return root ? UNKNOWN : roughly(exactly('s.parent_span_id <> 0'));
}

/** Traces with a root that compares. Of several roots the last one counts, and a trace without has "". */
function compileRoot(column: string, op: CompareOp, value: Static, { sql, segments }: FilterScope): Predicate {
  if (value.type !== 'string' || op === '=~' || op === '!~') return UNKNOWN;
  if (compareValues(op, '', value.value)) return UNKNOWN;
  const isRoot = exactly(`(s.parent_span_id = 0 and ${textSql(`s.${column}`, op, value, sql)})`);
  return roughly(spansElsewhere(segments.map(({ id }) => [id, isRoot])));
}
