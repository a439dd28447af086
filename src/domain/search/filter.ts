import type { TagValue } from '#domain/search/trace-summary.ts';
import type {
  AttributeScope,
  CompareOp,
  Field,
  FieldExpression,
  Intrinsic,
  KindName,
  Static,
  StatusName,
} from '#domain/traceql/ast.ts';
import { parseDuration, printDuration } from '#domain/traceql/literals.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import { printStatic } from '#domain/traceql/print.ts';

/** One chip of the filter bar: a condition on one field. Several values mean any of them (for `!=`, `!~`: none). */
export interface Filter {
  readonly field: FilterField;
  readonly op: FilterOp;
  /** Empty exactly for `exists` and `missing`. */
  readonly values: readonly TagValue[];
  /** Kept and shown, but not applied. */
  readonly paused?: true;
}

export type FilterField =
  | { readonly kind: 'status' | 'service' | 'operation' | 'kind' | 'duration' }
  | { readonly kind: 'baggage'; readonly key: string }
  | { readonly kind: 'attribute'; readonly scope: Exclude<AttributeScope, 'baggage' | 'parent'>; readonly key: string };

export type FilterOp = CompareOp | 'exists' | 'missing';

const PLACE = { from: 0, to: 0 };
const INTRINSIC_OF: Readonly<Record<'status' | 'operation' | 'kind' | 'duration', Intrinsic>> = {
  status: 'status',
  operation: 'name',
  kind: 'kind',
  duration: 'duration',
};

/** The field of a chip in TraceQL. */
export function fieldOf(field: FilterField): Field {
  switch (field.kind) {
    case 'service':
      return { type: 'attribute', scope: 'resource', key: 'service.name', ...PLACE };
    case 'baggage':
      return { type: 'attribute', scope: 'baggage', key: field.key, ...PLACE };
    case 'attribute':
      return { type: 'attribute', scope: field.scope, key: field.key, ...PLACE };
    default: {
      const name = INTRINSIC_OF[field.kind];
      return { type: 'intrinsic', name, written: name, ...PLACE };
    }
  }
}

/** The chip field that a TraceQL field is; undefined where no chip exists for it. */
export function filterFieldOf(field: Field): FilterField | undefined {
  if (field.type === 'intrinsic') {
    if (field.name === 'name') return { kind: 'operation' };
    if (field.name === 'status' || field.name === 'kind' || field.name === 'duration') return { kind: field.name };
    return undefined;
  }
  const { scope, key } = field;
  if (scope === 'parent') return undefined;
  if (scope === 'baggage') return { kind: 'baggage', key };
  if (scope === 'resource' && key === 'service.name') return { kind: 'service' };
  return { kind: 'attribute', scope, key };
}

/** The same field, as a key for maps and lists. */
export function filterFieldKey(field: FilterField): string {
  if (field.kind === 'baggage') return `baggage.${field.key}`;
  if (field.kind === 'attribute') return `${field.scope}.${field.key}`;
  return field.kind;
}

/** The condition of one chip, whether paused or not. */
export function conditionOf(filter: Filter): FieldExpression {
  const field = fieldOf(filter.field);
  if (filter.op === 'exists' || filter.op === 'missing') {
    return compare(field, filter.op === 'exists' ? '!=' : '=', { type: 'nil' });
  }
  const { op } = filter;
  const parts = filter.values.map(value => compare(field, op, staticOfValue(filter.field, value)));
  if (parts.length === 1) return parts[0];
  return { type: 'logical', op: isNegative(op) ? '&&' : '||', operands: parts, ...PLACE };
}

export function isNegative(op: FilterOp): boolean {
  return op === '!=' || op === '!~';
}

function compare(left: Field, op: CompareOp, value: Static): FieldExpression {
  return { type: 'binary', op, left, right: { type: 'static', value, ...PLACE }, ...PLACE };
}

/** A value as TraceQL types it. Text that is not of its claimed type is taken as a string. */
function staticOfValue(field: FilterField, { type, value }: TagValue): Static {
  if (field.kind === 'status' && (STATUS_NAMES as readonly string[]).includes(value)) {
    return { type: 'status', value: value as StatusName };
  }
  if (field.kind === 'kind' && (KIND_NAMES as readonly string[]).includes(value)) {
    return { type: 'kind', value: value as KindName };
  }
  if (type === 'int' && /^-?\d{1,19}$/.test(value)) return { type: 'int', value: BigInt.asIntN(64, BigInt(value)) };
  if (type === 'float' && value.trim() !== '' && Number.isFinite(Number(value))) {
    return { type: 'float', value: Number(value) };
  }
  if (type === 'bool' && (value === 'true' || value === 'false')) return { type: 'bool', value: value === 'true' };
  if (type === 'duration') {
    const negative = value.startsWith('-');
    const ns = parseDuration(negative ? value.slice(1) : value);
    if (ns !== undefined) return { type: 'duration', ns: negative ? -ns : ns };
  }
  return { type: 'string', value };
}

/** The chip of a condition of the form `field op constant`; undefined if it is another, or one that Tempo refuses. */
export function filterOfCondition(expr: FieldExpression): Filter | undefined {
  if (expr.type === 'logical') return filterOfLogical(expr.op, expr.operands);
  if (expr.type !== 'binary' || expr.right.type !== 'static') return undefined;
  if (expr.left.type !== 'attribute' && expr.left.type !== 'intrinsic') return undefined;
  const field = filterFieldOf(expr.left);
  const { op } = expr;
  const { value } = expr.right;
  if (field === undefined || !isCompare(op)) return undefined;
  if (value.type === 'nil') {
    const dynamic = field.kind === 'attribute' || field.kind === 'baggage';
    if (op === '!=' && (dynamic || field.kind === 'service')) return { field, op: 'exists', values: [] };
    return op === '=' && dynamic ? { field, op: 'missing', values: [] } : undefined;
  }
  return fits(field, op, value) ? { field, op, values: [tagValueOf(value)] } : undefined;
}

/** `(a = 1 || a = 2)`, `(a != 1 && a != 2)`: one chip with several values. */
function filterOfLogical(op: '&&' | '||', operands: readonly FieldExpression[]): Filter | undefined {
  const values: TagValue[] = [];
  let first: Filter | undefined;
  for (const operand of operands) {
    const part = operand.type === 'logical' ? undefined : filterOfCondition(operand);
    if (part === undefined || part.values.length === 0 || isNegative(part.op) !== (op === '&&')) return undefined;
    first ??= part;
    if (part.op !== first.op || filterFieldKey(part.field) !== filterFieldKey(first.field)) return undefined;
    values.push(part.values[0]);
  }
  return first === undefined ? undefined : { ...first, values: distinct(values) };
}

/** Values without repetitions, in the order of their first occurrence. */
export function distinct(values: readonly TagValue[]): readonly TagValue[] {
  const seen = new Map(values.map(v => [`${v.type}:${v.value}`, v]));
  return seen.size === values.length ? values : [...seen.values()];
}

function isCompare(op: string): op is CompareOp {
  return /^(?:=|!=|<|<=|>|>=|=~|!~)$/.test(op);
}

function fits(field: FilterField, op: CompareOp, value: Static): boolean {
  if (op === '=~' || op === '!~')
    return value.type === 'string' && !['status', 'kind', 'duration'].includes(field.kind);
  switch (field.kind) {
    case 'status':
    case 'kind':
      return value.type === field.kind && (op === '=' || op === '!=');
    case 'service':
    case 'operation':
      return value.type === 'string';
    case 'duration':
      return value.type === 'duration' || value.type === 'int' || value.type === 'float';
    default:
      if (value.type === 'bool') return op === '=' || op === '!=';
      return value.type !== 'status' && value.type !== 'kind';
  }
}

function tagValueOf(value: Static): TagValue {
  switch (value.type) {
    case 'string':
    case 'status':
    case 'kind':
      return { type: value.type === 'string' ? 'string' : 'keyword', value: value.value };
    case 'int':
      return { type: 'int', value: String(value.value) };
    case 'duration':
      return { type: 'duration', value: printDuration(value.ns) };
    default:
      return { type: value.type === 'float' ? 'float' : 'bool', value: printStatic(value) };
  }
}
