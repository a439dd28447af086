import type { ArithmeticOp, CompareOp, Static } from '#domain/traceql/ast.ts';

/**
 * A value at run time; undefined is "missing" (nil). Ints and durations (ns) are bigint, floats number: JavaScript compares
 * the two exactly, which is the numeric-by-value rule. Status and kind are words of their own type.
 */
export type Value = Scalar | ListValue | undefined;
export type Scalar = string | bigint | number | boolean | Word;

export interface Word {
  readonly word: string;
}

/** An array attribute: its strings and its numbers (bools as 0 and 1), as the store keeps them. */
export interface ListValue {
  readonly strings: readonly string[];
  readonly numbers: readonly number[];
}

/** A constant as a value. */
export function valueOfStatic(value: Static): Value {
  switch (value.type) {
    case 'nil':
      return undefined;
    case 'duration':
      return value.ns;
    case 'status':
    case 'kind':
      return { word: value.value };
    default:
      return value.value;
  }
}

export function isList(value: Value): value is ListValue {
  return typeof value === 'object' && 'strings' in value;
}

/**
 * Compares as TraceQL does: a missing value or another type makes every comparison false, `!=` too. Of an array, `=`, `<`,
 * `=~` … ask for any element, `!=` and `!~` for none. Nil tests are not comparisons: see `evaluate.ts`.
 */
export function compareValues(op: CompareOp, left: Value, right: Value, regex?: RegexTest): boolean {
  if (left === undefined || right === undefined) return false;
  if (isList(left)) return compareList(op, left, right, regex);
  if (isList(right)) return compareList(mirrored(op), right, left, regex);
  return compareScalars(op, left, right, regex);
}

/** A compiled, anchored regular expression. */
export type RegexTest = (text: string) => boolean;

function compareList(op: CompareOp, list: ListValue, other: Value, regex: RegexTest | undefined): boolean {
  if (other === undefined || isList(other)) return false;
  const elements: readonly Scalar[] = typeof other === 'string' ? list.strings : list.numbers;
  const isNumber = typeof other === 'bigint' || typeof other === 'number';
  if (elements.length === 0 || (typeof other !== 'string' && !isNumber)) return false;
  if (op === '!=' || op === '!~') {
    const positive = op === '!=' ? '=' : '=~';
    return !elements.some(element => compareScalars(positive, element, other, regex));
  }
  return elements.some(element => compareScalars(op, element, other, regex));
}

function compareScalars(op: CompareOp, left: Scalar, right: Scalar, regex: RegexTest | undefined): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    if (op === '=~') return regex?.(left) === true;
    if (op === '!~') return regex?.(left) === false;
    return byOrder(op, compareText(left, right));
  }
  if (isNumeric(left) && isNumeric(right))
    return byOrder(op, left < right ? -1 : left > right ? 1 : left >= right ? 0 : undefined);
  if (typeof left === 'boolean' && typeof right === 'boolean') return byEquality(op, left === right);
  if (typeof left === 'object' && typeof right === 'object') return byEquality(op, left.word === right.word);
  return false;
}

/** `order` is undefined beside NaN, which equals nothing. */
function byOrder(op: CompareOp, order: number | undefined): boolean {
  if (order === undefined) return op === '!=';
  switch (op) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return false;
  }
}

function byEquality(op: CompareOp, equal: boolean): boolean {
  return op === '=' ? equal : op === '!=' ? !equal : false;
}

function mirrored(op: CompareOp): CompareOp {
  const sides: Partial<Record<CompareOp, CompareOp>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
  return sides[op] ?? op;
}

/** By UTF-8 bytes, as the store orders text; UTF-16 order differs beyond the basic plane. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a === b) continue;
    const surrogates = Number(a >= 0xd800 && a < 0xe000) - Number(b >= 0xd800 && b < 0xe000);
    return surrogates === 0 ? a - b : surrogates;
  }
  return left.length - right.length;
}

export function isNumeric(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** Ints stay ints (division cuts); anything undefined — missing, not a number, divided by zero — is missing. */
export function calculate(op: ArithmeticOp, left: Value, right: Value): Value {
  if (!isNumeric(left) || !isNumeric(right)) return undefined;
  if (typeof left === 'bigint' && typeof right === 'bigint') return INTS[op](left, right);
  return finite(FLOATS[op](Number(left), Number(right)));
}

const FLOATS: Readonly<Record<ArithmeticOp, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
};

const INTS: Readonly<Record<ArithmeticOp, (left: bigint, right: bigint) => Value>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0n ? undefined : left / right),
  '%': (left, right) => (right === 0n ? undefined : left % right),
  // As a float: exact powers of big ints have no bound.
  '^': (left, right) => {
    const power = finite(Number(left) ** Number(right));
    return power !== undefined && Number.isSafeInteger(power) ? BigInt(power) : power;
  },
};

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
