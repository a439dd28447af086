import { ok, type Result } from '#domain/result.ts';
import type { Binary, Field, FieldExpression, Static } from '#domain/traceql/ast.ts';
import { accept, type Cursor, failHere, isOperator, peek, unexpected } from '#domain/traceql/cursor.ts';
import type { Token } from '#domain/traceql/lexer.ts';
import { MAX_INT, MIN_INT } from '#domain/traceql/literals.ts';
import { INTRINSICS, KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import type { TraceqlError } from '#domain/traceql/traceql-error.ts';

/** How tight an operator binds; all to the left but ^. */
const RANK: ReadonlyMap<string, number> = new Map([
  ['||', 1],
  ['&&', 2],
  ['=', 3],
  ['!=', 3],
  ['<', 3],
  ['<=', 3],
  ['>', 3],
  ['>=', 3],
  ['=~', 3],
  ['!~', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
  ['^', 7],
]);
const UNARY_RANK = 6;
const ATOM_RANK = 8;

/** Binding strength for the printer: an operand that binds less than its place needs parentheses. */
export function rankOf(expr: FieldExpression): number {
  switch (expr.type) {
    case 'logical':
    case 'binary':
      return RANK.get(expr.op) ?? 0;
    case 'unary':
      return UNARY_RANK;
    case 'static':
      return isNegative(expr.value) ? UNARY_RANK : ATOM_RANK;
    default:
      return ATOM_RANK;
  }
}

function isNegative(value: Static): boolean {
  if (value.type === 'int') return value.value < 0n;
  if (value.type === 'float') return value.value < 0 || Object.is(value.value, -0);
  return value.type === 'duration' && value.ns < 0n;
}

type Pending =
  | { readonly type: 'open' }
  | { readonly type: 'unary'; readonly op: '!' | '-'; readonly token: Token }
  | { readonly type: 'binary'; readonly op: string; readonly rank: number };

interface Operand {
  readonly expr: FieldExpression;
  /** Came in parentheses: a chain does not grow into it. */
  readonly grouped: boolean;
}

/**
 * Reads an expression up to a token that cannot continue it (`}`, an unopened `)`, `,` …), which stays.
 * Operator-precedence parsing on explicit stacks: linear, any depth.
 */
export function parseFieldExpression(cursor: Cursor): Result<FieldExpression, TraceqlError> {
  const operands: Operand[] = [];
  const pending: Pending[] = [];
  let open = 0;

  const reduce = (): void => {
    const top = pending.pop() as Exclude<Pending, { type: 'open' }>;
    const right = operands.pop() as Operand;
    if (top.type === 'unary') {
      operands.push({ expr: applyUnary(top.op, top.token, right.expr), grouped: false });
      return;
    }
    const left = operands.pop() as Operand;
    operands.push({ expr: applyBinary(top.op, left, right), grouped: false });
  };

  for (;;) {
    // An operand is due.
    const token = peek(cursor);
    if (isOperator(token, '(')) {
      cursor.at++;
      open++;
      pending.push({ type: 'open' });
      continue;
    }
    if (isOperator(token, '!') || isOperator(token, '-')) {
      cursor.at++;
      pending.push({ type: 'unary', op: isOperator(token, '!') ? '!' : '-', token });
      continue;
    }
    const operand = parseOperand(cursor);
    if (!operand.ok) return operand;
    operands.push({ expr: operand.value, grouped: false });

    while (open > 0 && accept(cursor, ')')) {
      open--;
      while (pending[pending.length - 1].type !== 'open') reduce();
      pending.pop();
      operands.push({ expr: (operands.pop() as Operand).expr, grouped: true });
    }

    // An operator, or the end.
    const operator = peek(cursor);
    const rank = operator.kind === 'operator' ? RANK.get(operator.text) : undefined;
    if (operator.kind !== 'operator' || rank === undefined) {
      if (open > 0) return unexpected(cursor);
      while (pending.length > 0) reduce();
      return ok(operands[0].expr);
    }
    cursor.at++;
    for (let top = pending[pending.length - 1]; top !== undefined; top = pending[pending.length - 1]) {
      if (top.type === 'open') break;
      const topRank = top.type === 'unary' ? UNARY_RANK : top.rank;
      if (topRank < rank || (topRank === rank && operator.text === '^')) break;
      reduce();
    }
    pending.push({ type: 'binary', op: operator.text, rank });
  }
}

/** Reads one attribute or intrinsic. */
export function parseField(cursor: Cursor): Result<Field, TraceqlError> {
  const token = peek(cursor);
  const { from, to } = token;
  if (token.kind === 'attribute') {
    cursor.at++;
    return ok({ type: 'attribute', scope: token.scope, key: token.key, from, to });
  }
  if (token.kind === 'intrinsic') {
    cursor.at++;
    return ok({ type: 'intrinsic', name: token.name, written: token.written, from, to });
  }
  if (token.kind === 'word') {
    const name = INTRINSICS.get(token.text);
    if (name !== undefined) {
      cursor.at++;
      return ok({ type: 'intrinsic', name, written: token.text, from, to });
    }
  }
  return unexpected(cursor);
}

/** Reads a constant, with an optional minus before a number. */
export function parseStatic(cursor: Cursor): Result<Static, TraceqlError> {
  const negative = accept(cursor, '-');
  const value = staticOf(peek(cursor));
  const signed = value !== undefined && negative ? negate(value) : value;
  if (signed === undefined) return unexpected(cursor);
  cursor.at++;
  return ok(signed);
}

function parseOperand(cursor: Cursor): Result<FieldExpression, TraceqlError> {
  const token = peek(cursor);
  const value = staticOf(token);
  if (value !== undefined) {
    cursor.at++;
    return ok({ type: 'static', value, from: token.from, to: token.to });
  }
  if (token.kind === 'word' && !INTRINSICS.has(token.text)) {
    return failHere(
      cursor,
      `unknown identifier: ${token.text}`,
      `An attribute needs a scope: span.${token.text}, resource.${token.text}, or .${token.text} for either.`,
    );
  }
  return parseField(cursor);
}

function staticOf(token: Token): Static | undefined {
  switch (token.kind) {
    case 'string':
      return { type: 'string', value: token.value };
    case 'int':
      return { type: 'int', value: token.value };
    case 'float':
      return { type: 'float', value: token.value };
    case 'duration':
      return { type: 'duration', ns: token.ns };
    case 'word':
      return STATIC_WORDS.get(token.text);
    default:
      return undefined;
  }
}

const STATIC_WORDS: ReadonlyMap<string, Static> = new Map<string, Static>([
  ['true', { type: 'bool', value: true }],
  ['false', { type: 'bool', value: false }],
  ['nil', { type: 'nil' }],
  ['minInt', { type: 'int', value: MIN_INT }],
  ['maxInt', { type: 'int', value: MAX_INT }],
  ...STATUS_NAMES.map((value): [string, Static] => [value, { type: 'status', value }]),
  ...KIND_NAMES.map((value): [string, Static] => [value, { type: 'kind', value }]),
]);

/** The number with its sign turned; undefined if it is none, or its negative needs more than 64 bits. */
function negate(value: Static): Static | undefined {
  if (value.type === 'int' && value.value !== MIN_INT) return { type: 'int', value: -value.value };
  if (value.type === 'float') return { type: 'float', value: -value.value };
  if (value.type === 'duration' && value.ns !== MIN_INT) return { type: 'duration', ns: -value.ns };
  return undefined;
}

function applyUnary(op: '!' | '-', token: Token, operand: FieldExpression): FieldExpression {
  const { from } = token;
  const { to } = operand;
  // -3 is a number, not an operation: nothing downstream has to look behind a minus.
  const negated = op === '-' && operand.type === 'static' ? negate(operand.value) : undefined;
  if (negated !== undefined) return { type: 'static', value: negated, from, to };
  return { type: 'unary', op, operand, from, to };
}

function applyBinary(op: string, left: Operand, right: Operand): FieldExpression {
  const from = left.expr.from;
  const to = right.expr.to;
  if (op === '&&' || op === '||') {
    // The array is this parser's own until it returns: a chain grows in place, so that it stays linear.
    if (left.expr.type === 'logical' && left.expr.op === op && !left.grouped) {
      (left.expr.operands as FieldExpression[]).push(right.expr);
      (left.expr as { to: number }).to = to;
      return left.expr;
    }
    return { type: 'logical', op, operands: [left.expr, right.expr], from, to };
  }
  return { type: 'binary', op: op as Binary['op'], left: left.expr, right: right.expr, from, to };
}
