import { err, ok, type Result } from '#domain/result.ts';
import type {
  Hint,
  MathOp,
  MathOperand,
  Metrics,
  Query,
  QueryBody,
  SecondStage,
  Spanset,
  SpansetStructure,
  Stage,
} from '#domain/traceql/ast.ts';
import { accept, type Cursor, expect, isOperator, isWord, peek, unexpected } from '#domain/traceql/cursor.ts';
import { parseStatic } from '#domain/traceql/field-parser.ts';
import { lex, type Token } from '#domain/traceql/lexer.ts';
import {
  parseAggregateFilter,
  parseFilter,
  parseListStage,
  parseMetrics,
  parseSecondStage,
  startsAggregate,
  startsMetrics,
} from '#domain/traceql/stage-parser.ts';
import { type TraceqlError, traceqlError } from '#domain/traceql/traceql-error.ts';

/** Longer queries are refused, as Tempo does; counted in UTF-16 units. */
export const MAX_QUERY_LENGTH = 128 * 1024;

/** Between spansets: structural operators bind tighter, && and || equally. Between metrics: arithmetic. */
const SPANSET_RANK: ReadonlyMap<string, number> = new Map([
  ['&&', 1],
  ['||', 1],
  ...['>', '>>', '<', '<<', '~'].flatMap((op): [string, number][] => [
    [op, 2],
    [`!${op}`, 2],
    [`&${op}`, 2],
  ]),
]);
const MATH_RANK: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
]);

type Operand = (
  | { readonly sort: 'spanset'; readonly node: Spanset }
  | { readonly sort: 'metrics'; readonly node: MathOperand }
) & { readonly grouped: boolean; readonly token: Token };

/** One level of parentheses. */
interface Frame {
  readonly open: Token | undefined;
  stages: Stage[];
  operands: Operand[];
  operators: { readonly op: string; readonly rank: number; readonly token: Token }[];
  metrics: Metrics | undefined;
  second: SecondStage[];
}

/**
 * Parses a whole TraceQL query. Never throws; linear; any depth of nesting. What parses may still mean nothing: see
 * `validate.ts`.
 */
export function parseQuery(text: string): Result<Query, TraceqlError> {
  if (text.length > MAX_QUERY_LENGTH) {
    return err(traceqlError('invalid', text, { from: 0, to: text.length }, 'query is longer than 128 KiB'));
  }
  const lexed = lex(text);
  if (!lexed.ok) return lexed;
  const cursor: Cursor = { text, tokens: lexed.value.tokens, at: 0 };
  const body = parseBody(cursor);
  if (!body.ok) return body;
  const hints = parseHints(cursor);
  if (!hints.ok) return hints;
  return peek(cursor).kind === 'end' ? ok({ body: body.value, hints: hints.value }) : unexpected(cursor);
}

function parseBody(cursor: Cursor): Result<QueryBody, TraceqlError> {
  const frames: Frame[] = [newFrame(undefined)];
  for (;;) {
    const frame = frames[frames.length - 1];
    // An operand or a stage is due.
    const token = peek(cursor);
    if (isOperator(token, '(')) {
      cursor.at++;
      frames.push(newFrame(token));
      continue;
    }
    const begun = parseOperandOrStage(cursor, frame);
    if (!begun.ok) return begun;

    // What may follow it, closing any number of parentheses.
    let going = true;
    while (going) {
      const current = frames[frames.length - 1];
      const next = peek(cursor);
      if (current.metrics !== undefined || current.operands[0]?.sort === 'metrics') {
        const second = parseSecondStage(cursor);
        if (!second.ok) return second;
        if (second.value !== undefined) {
          const finished = reduceAll(cursor, current, 0);
          if (!finished.ok) return finished;
          current.second.push(second.value);
          continue;
        }
      }
      const closes = isOperator(next, ')') && current.open !== undefined;
      if (closes || next.kind === 'end' || isWord(next, 'with')) {
        const finished = finish(cursor, current);
        if (!finished.ok) return finished;
        if (!closes) {
          return frames.length > 1 ? unexpected(cursor) : ok(asBody(finished.value));
        }
        cursor.at++;
        frames.pop();
        frames[frames.length - 1].operands.push({ ...finished.value, grouped: true, token: current.open as Token });
        continue;
      }
      if (isOperator(next, '|') && current.metrics === undefined && current.operands[0]?.sort !== 'metrics') {
        const reduced = endStage(cursor, current);
        if (!reduced.ok) return reduced;
        cursor.at++;
        going = false;
        continue;
      }
      const pushed = pushOperator(cursor, current);
      if (!pushed.ok) return pushed;
      going = false;
    }
  }
}

function newFrame(open: Token | undefined): Frame {
  return { open, stages: [], operands: [], operators: [], metrics: undefined, second: [] };
}

/** Reads `{…}`, an aggregate, a number beside metrics, or — where a stage begins — `by`, `select`, a metrics function. */
function parseOperandOrStage(cursor: Cursor, frame: Frame): Result<true, TraceqlError> {
  const token = peek(cursor);
  const stageStarts = frame.operands.length === 0 && frame.operators.length === 0;
  if (isOperator(token, '{')) {
    const filter = parseFilter(cursor);
    if (!filter.ok) return filter;
    frame.operands.push({ sort: 'spanset', node: filter.value, grouped: false, token });
    return ok(true);
  }
  if (startsAggregate(cursor)) {
    const aggregate = parseAggregateFilter(cursor);
    if (!aggregate.ok) return aggregate;
    frame.operands.push({ sort: 'spanset', node: aggregate.value, grouped: false, token });
    return ok(true);
  }
  if (!stageStarts && frame.operands[0]?.sort === 'metrics') {
    const value = parseStatic(cursor);
    if (!value.ok) return value;
    frame.operands.push({ sort: 'metrics', node: { type: 'number', value: value.value }, grouped: false, token });
    return ok(true);
  }
  if (stageStarts && startsMetrics(cursor) && frame.stages.length > 0) {
    const metrics = parseMetrics(cursor);
    if (!metrics.ok) return metrics;
    frame.metrics = metrics.value;
    return ok(true);
  }
  if (stageStarts && (frame.stages.length > 0 || isWord(token, 'by'))) {
    const stage = parseListStage(cursor);
    if (!stage.ok) return stage;
    if (stage.value !== undefined) {
      frame.stages.push(stage.value);
      return ok(true);
    }
  }
  return unexpected(cursor, undefined, startHint(token));
}

function startHint(token: Token): string | undefined {
  if (token.kind === 'end') return 'A query starts with { … }; { } finds every span.';
  if (token.kind === 'attribute' || token.kind === 'intrinsic')
    return 'Conditions stand in braces: { span.key = "value" }.';
  return undefined;
}

function pushOperator(cursor: Cursor, frame: Frame): Result<true, TraceqlError> {
  const token = peek(cursor);
  const ranks = frame.operands[0]?.sort === 'metrics' ? MATH_RANK : SPANSET_RANK;
  const rank = token.kind === 'operator' ? ranks.get(token.text) : undefined;
  if (token.kind !== 'operator' || rank === undefined || frame.operands.length === 0 || frame.second.length > 0) {
    return unexpected(cursor);
  }
  const reduced = reduceAll(cursor, frame, rank);
  if (!reduced.ok) return reduced;
  cursor.at++;
  frame.operators.push({ op: token.text, rank, token });
  return ok(true);
}

/** Applies waiting operators that bind at least as tight as `rank`: all operators here bind to the left. */
function reduceAll(cursor: Cursor, frame: Frame, rank: number): Result<true, TraceqlError> {
  while (frame.operators.length > 0 && frame.operators[frame.operators.length - 1].rank >= rank) {
    const operator = frame.operators.pop() as Frame['operators'][number];
    const right = frame.operands.pop() as Operand;
    const left = frame.operands.pop() as Operand;
    const combined = combine(cursor, operator, left, right);
    if (!combined.ok) return combined;
    frame.operands.push(combined.value);
  }
  return ok(true);
}

function combine(
  cursor: Cursor,
  operator: Frame['operators'][number],
  left: Operand,
  right: Operand,
): Result<Operand, TraceqlError> {
  const { token } = left;
  const place = { from: left.token.from, to: cursor.tokens[cursor.at - 1].to };
  if (left.sort === 'metrics' && right.sort === 'metrics') {
    const op = operator.op as MathOp;
    return ok({
      sort: 'metrics',
      node: { type: 'math', op, left: left.node, right: right.node, second: [] },
      grouped: false,
      token,
    });
  }
  if (left.sort !== 'spanset' || right.sort !== 'spanset') {
    const message = 'a metrics query and a spanset cannot be combined';
    return err(traceqlError('syntax', cursor.text, operator.token, `syntax error: ${message}`));
  }
  // Whole pipelines combine only with whole pipelines, each in parentheses.
  if ((left.node.type === 'pipeline' && !right.grouped) || (right.node.type === 'pipeline' && !left.grouped)) {
    const hint = 'Put both sides in parentheses: ({ … } | count() > 2) && ({ … }).';
    return err(traceqlError('syntax', cursor.text, operator.token, `syntax error: unexpected ${operator.op}`, hint));
  }
  const grouped = false;
  if (operator.op === '&&' || operator.op === '||') {
    if (left.node.type === 'combination' && left.node.op === operator.op && !left.grouped) {
      // As in field-parser.ts: the chain grows in place while the parser owns it.
      (left.node.operands as Spanset[]).push(right.node);
      (left.node as { to: number }).to = place.to;
      return ok(left);
    }
    const operands = [left.node, right.node];
    return ok({ sort: 'spanset', node: { type: 'combination', op: operator.op, operands, ...place }, grouped, token });
  }
  const mode = operator.op[0] === '!' ? 'negated' : operator.op[0] === '&' ? 'union' : 'right';
  const relation = operator.op.replace(/^[!&]/, '') as SpansetStructure['relation'];
  const node: Spanset = { type: 'structure', relation, mode, left: left.node, right: right.node, ...place };
  return ok({ sort: 'spanset', node, grouped, token });
}

/** A `|` ends the spanset expression of this stage. */
function endStage(cursor: Cursor, frame: Frame): Result<true, TraceqlError> {
  const reduced = reduceAll(cursor, frame, 0);
  if (!reduced.ok) return reduced;
  const operand = frame.operands.pop();
  if (operand === undefined) return ok(true);
  if (operand.sort !== 'spanset') return unexpected(cursor);
  // ({ … } | count() > 2) | … is one pipeline. Its list is this parser's own and goes on growing: copies would be quadratic.
  if (operand.node.type === 'pipeline' && frame.stages.length === 0) frame.stages = operand.node.stages as Stage[];
  else frame.stages.push(operand.node);
  return ok(true);
}

type Finished =
  | { readonly sort: 'spanset'; readonly node: Spanset }
  | { readonly sort: 'metrics'; readonly node: MathOperand };

/** What a closed pair of parentheses, or the whole query, is worth. */
function finish(cursor: Cursor, frame: Frame): Result<Finished, TraceqlError> {
  if (frame.operands[0]?.sort === 'metrics') {
    const reduced = reduceAll(cursor, frame, 0);
    if (!reduced.ok) return reduced;
    const { node } = frame.operands[0];
    if (frame.second.length === 0 || node.type === 'number') return ok({ sort: 'metrics', node });
    return ok({ sort: 'metrics', node: { ...node, second: [...node.second, ...frame.second] } });
  }
  const ended = endStage(cursor, frame);
  if (!ended.ok) return ended;
  const { stages, metrics, second } = frame;
  if (metrics !== undefined) return ok({ sort: 'metrics', node: { type: 'pipeline', stages, metrics, second } });
  const [first] = stages;
  if (stages.length === 1 && isSpanset(first)) return ok({ sort: 'spanset', node: first });
  const place = { from: frame.open?.from ?? 0, to: peek(cursor).to };
  return ok({ sort: 'spanset', node: { type: 'pipeline', stages, ...place } });
}

function isSpanset(stage: Stage): stage is Spanset {
  return stage.type !== 'by' && stage.type !== 'coalesce' && stage.type !== 'select';
}

function asBody(finished: Finished): QueryBody {
  if (finished.sort === 'metrics') return finished.node as QueryBody;
  const stages = finished.node.type === 'pipeline' ? finished.node.stages : [finished.node];
  return { type: 'pipeline', stages, metrics: undefined, second: [] };
}

function parseHints(cursor: Cursor): Result<readonly Hint[], TraceqlError> {
  const hints: Hint[] = [];
  if (!isWord(peek(cursor), 'with')) return ok(hints);
  cursor.at++;
  const open = expect(cursor, '(');
  if (!open.ok) return open;
  do {
    const word = peek(cursor);
    if (word.kind !== 'word') return unexpected(cursor, 'IDENTIFIER');
    cursor.at++;
    const equals = expect(cursor, '=');
    if (!equals.ok) return equals;
    const value = parseStatic(cursor);
    if (!value.ok) return value;
    hints.push({ name: word.text, value: value.value });
  } while (accept(cursor, ','));
  const close = expect(cursor, ')');
  return close.ok ? ok(hints) : close;
}
