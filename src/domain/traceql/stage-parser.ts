import { err, ok, type Result } from '#domain/result.ts';
import type {
  AggregateFilter,
  Field,
  Metrics,
  OrderOp,
  SecondStage,
  SpansetFilter,
  Stage,
  Static,
} from '#domain/traceql/ast.ts';
import { accept, type Cursor, expect, isOperator, isWord, peek, unexpected } from '#domain/traceql/cursor.ts';
import { parseField, parseFieldExpression, parseStatic } from '#domain/traceql/field-parser.ts';
import { AGGREGATES, METRICS } from '#domain/traceql/names.ts';
import { type TraceqlError, traceqlError } from '#domain/traceql/traceql-error.ts';

const ORDER_OPS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** `{ … }` */
export function parseFilter(cursor: Cursor): Result<SpansetFilter, TraceqlError> {
  const { from } = peek(cursor);
  const open = expect(cursor, '{');
  if (!open.ok) return open;
  if (isOperator(peek(cursor), '}')) {
    const { to } = peek(cursor);
    cursor.at++;
    return ok({ type: 'filter', expr: undefined, from, to });
  }
  const expr = parseFieldExpression(cursor);
  if (!expr.ok) return expr;
  const { to } = peek(cursor);
  if (!accept(cursor, '}')) return unexpected(cursor);
  return ok({ type: 'filter', expr: expr.value, from, to });
}

export function startsAggregate(cursor: Cursor): boolean {
  const token = peek(cursor);
  return token.kind === 'word' && AGGREGATES.has(token.text);
}

/** `avg(duration) > 1s`: the aggregate on the left, a constant on the right. */
export function parseAggregateFilter(cursor: Cursor): Result<AggregateFilter, TraceqlError> {
  const word = peek(cursor);
  const fn = (word.kind === 'word' ? word.text : '') as AggregateFilter['fn'];
  cursor.at++;
  const open = expect(cursor, '(');
  if (!open.ok) return open;
  let expr: AggregateFilter['expr'];
  if (fn !== 'count') {
    const parsed = parseFieldExpression(cursor);
    if (!parsed.ok) return parsed;
    expr = parsed.value;
  }
  const close = expect(cursor, ')');
  if (!close.ok) return close;
  const op = peek(cursor);
  if (op.kind === 'operator' && /^[+\-*/%^]$/.test(op.text)) {
    return err(traceqlError('unsupported', cursor.text, op, 'arithmetic on aggregates'));
  }
  if (op.kind !== 'operator' || !ORDER_OPS.has(op.text)) return unexpected(cursor);
  cursor.at++;
  const value = parseStatic(cursor);
  if (!value.ok) return value;
  const { to } = cursor.tokens[cursor.at - 1];
  return ok({ type: 'aggregate', fn, expr, op: op.text as OrderOp, value: value.value, from: word.from, to });
}

/** `by(…)`, `coalesce()`, `select(…)`; undefined if none of them is next. */
export function parseListStage(cursor: Cursor): Result<Stage | undefined, TraceqlError> {
  const word = peek(cursor);
  const { from } = word;
  if (isWord(word, 'coalesce')) {
    cursor.at++;
    const open = expect(cursor, '(');
    if (!open.ok) return open;
    const { to } = peek(cursor);
    const close = expect(cursor, ')');
    return close.ok ? ok({ type: 'coalesce', from, to }) : close;
  }
  if (isWord(word, 'by')) {
    cursor.at++;
    const open = expect(cursor, '(');
    if (!open.ok) return open;
    const expr = parseFieldExpression(cursor);
    if (!expr.ok) return expr;
    const { to } = peek(cursor);
    const close = expect(cursor, ')');
    return close.ok ? ok({ type: 'by', expr: expr.value, from, to }) : close;
  }
  if (isWord(word, 'select')) {
    cursor.at++;
    const fields = parseFieldList(cursor);
    if (!fields.ok) return fields;
    return ok({ type: 'select', fields: fields.value, from, to: cursor.tokens[cursor.at - 1].to });
  }
  return ok(undefined);
}

export function startsMetrics(cursor: Cursor): boolean {
  const token = peek(cursor);
  return token.kind === 'word' && METRICS.has(token.text);
}

/** `rate() by (…)` */
export function parseMetrics(cursor: Cursor): Result<Metrics, TraceqlError> {
  const word = peek(cursor);
  const fn = (word.kind === 'word' ? word.text : '') as Metrics['fn'];
  cursor.at++;
  const open = expect(cursor, '(');
  if (!open.ok) return open;
  const head = parseMetricsArguments(cursor, fn);
  if (!head.ok) return head;
  const close = expect(cursor, ')');
  if (!close.ok) return close;
  let by: readonly Field[] = [];
  if (isWord(peek(cursor), 'by')) {
    cursor.at++;
    const fields = parseFieldList(cursor);
    if (!fields.ok) return fields;
    by = fields.value;
  }
  return ok({ ...head.value, by, from: word.from, to: cursor.tokens[cursor.at - 1].to });
}

type WithoutBy<T> = T extends unknown ? Omit<T, 'by' | 'from' | 'to'> : never;

function parseMetricsArguments(cursor: Cursor, fn: Metrics['fn']): Result<WithoutBy<Metrics>, TraceqlError> {
  switch (fn) {
    case 'rate':
    case 'count_over_time':
      return ok({ fn });
    case 'compare':
      return parseCompareArguments(cursor);
    case 'quantile_over_time': {
      const field = parseField(cursor);
      if (!field.ok) return field;
      const quantiles: number[] = [];
      do {
        const comma = expect(cursor, ',');
        if (!comma.ok) return comma;
        const token = peek(cursor);
        if (token.kind !== 'float' && token.kind !== 'int') return unexpected(cursor);
        cursor.at++;
        quantiles.push(Number(token.value));
      } while (isOperator(peek(cursor), ','));
      return ok({ fn, field: field.value, quantiles });
    }
    default: {
      const field = parseField(cursor);
      return field.ok ? ok({ fn, field: field.value }) : field;
    }
  }
}

function parseCompareArguments(cursor: Cursor): Result<WithoutBy<Metrics>, TraceqlError> {
  const selection = parseFilter(cursor);
  if (!selection.ok) return selection;
  const numbers: bigint[] = [];
  while (numbers.length < 3 && accept(cursor, ',')) {
    const token = peek(cursor);
    if (token.kind !== 'int') return unexpected(cursor, 'INTEGER');
    cursor.at++;
    numbers.push(token.value);
  }
  if (numbers.length === 2) return unexpected(cursor, ',', 'Give both the start and the end of the window, in ns.');
  const [topN, startNs, endNs] = numbers;
  const window = startNs === undefined || endNs === undefined ? undefined : { startNs, endNs };
  const fn = 'compare' as const;
  return ok({ fn, selection: selection.value, topN: topN === undefined ? undefined : Number(topN), window });
}

/** `| topk(3)`, `> 20`; undefined if neither is next. */
export function parseSecondStage(cursor: Cursor): Result<SecondStage | undefined, TraceqlError> {
  const token = peek(cursor);
  if (isOperator(token, '|')) {
    const word = cursor.tokens[cursor.at + 1];
    if (!isWord(word, 'topk') && !isWord(word, 'bottomk')) {
      cursor.at++;
      return unexpected(cursor);
    }
    cursor.at += 2;
    const open = expect(cursor, '(');
    if (!open.ok) return open;
    const n = peek(cursor);
    if (n.kind !== 'int') return unexpected(cursor, 'INTEGER');
    cursor.at++;
    const close = expect(cursor, ')');
    return close.ok ? ok({ type: isWord(word, 'topk') ? 'topk' : 'bottomk', n: Number(n.value) }) : close;
  }
  if (token.kind === 'operator' && ORDER_OPS.has(token.text)) {
    cursor.at++;
    const value: Result<Static, TraceqlError> = parseStatic(cursor);
    return value.ok ? ok({ type: 'compare', op: token.text as OrderOp, value: value.value }) : value;
  }
  return ok(undefined);
}

function parseFieldList(cursor: Cursor): Result<readonly Field[], TraceqlError> {
  const open = expect(cursor, '(');
  if (!open.ok) return open;
  const fields: Field[] = [];
  do {
    const field = parseField(cursor);
    if (!field.ok) return field;
    fields.push(field.value);
  } while (accept(cursor, ','));
  const close = expect(cursor, ')');
  return close.ok ? ok(fields) : close;
}
