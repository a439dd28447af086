import type { AttributeField, Binary, CompareOp, Field, FieldExpression, Static } from '#domain/traceql/ast.ts';
import { fieldChildren, fold } from '#domain/traceql/fold.ts';
import { isEventField, isLinkField } from '#domain/traceql/run/evaluate.ts';
import { compareValues, valueOfStatic } from '#domain/traceql/run/value.ts';
import { AttrScope } from '#server/store/schema/segment-table.ts';
import { valueSql } from './compare-sql.ts';
import { findValueIds } from './dictionary.ts';
import { compileComparison, spanHasIds } from './field-sql.ts';
import type { FilterScope } from './filter-scope.ts';
import { ALWAYS, both, either, NEVER, negation, type Predicate, roughly, UNKNOWN } from './predicate.ts';

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
