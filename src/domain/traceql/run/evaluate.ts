import { assertNever } from '#domain/assert.ts';
import type { Binary, Field, FieldExpression } from '#domain/traceql/ast.ts';
import { fieldChildren, fold } from '#domain/traceql/fold.ts';
import { unsupported } from './refusal.ts';
import { calculate, compareValues, isNumeric, type Value, valueOfStatic } from './value.ts';

/** A span with its trace around it, as conditions see it. */
export interface SpanView {
  readonly eventCount: number;
  readonly linkCount: number;
  /** `event` and `link` choose which one the event and link fields are of; -1 where the span has none. */
  field(field: Field, event: number, link: number): Value;
}

/** Answers `=~` and `!~`: whether the whole text matches. */
export interface RegexTests {
  test(pattern: string, text: string): boolean;
}

type Evaluator = (span: SpanView, event: number, link: number) => Value;

/** Expressions run as nested calls, so their depth has a bound. */
export const MAX_DEPTH = 400;

/**
 * The condition of a filter as a test of one span. Conditions on events (links) are asked of one event (link) at a time: they
 * hold together or not at all. A span without events has no event fields, not even missing ones.
 */
export function compileTest(expr: FieldExpression | undefined, regexes: RegexTests): (span: SpanView) => boolean {
  if (expr === undefined) return () => true;
  const evaluate = compileValue(expr, regexes);
  const scopes = childScopes(expr);
  if (!scopes.events && !scopes.links) return span => evaluate(span, -1, -1) === true;
  return span => {
    const events = scopes.events ? Math.max(span.eventCount, 1) : 1;
    const links = scopes.links ? Math.max(span.linkCount, 1) : 1;
    for (let e = 0; e < events; e++) {
      for (let l = 0; l < links; l++) {
        const [event, link] = [span.eventCount === 0 ? -1 : e, span.linkCount === 0 ? -1 : l];
        if (evaluate(span, event, link) === true) return true;
      }
    }
    return false;
  };
}

/** The value of an expression for one span; of event and link fields, those of the first one. */
export function compileValueOf(expr: FieldExpression, regexes: RegexTests): (span: SpanView) => Value {
  const evaluate = compileValue(expr, regexes);
  // As Tempo groups: a span without events has the event name "".
  const missing = expr.type === 'intrinsic' && expr.name === 'event:name' ? '' : undefined;
  return span => evaluate(span, span.eventCount > 0 ? 0 : -1, span.linkCount > 0 ? 0 : -1) ?? missing;
}

/** Which fields need a look at every event or link. */
export function childScopes(expr: FieldExpression): { readonly events: boolean; readonly links: boolean } {
  const found = { events: false, links: false };
  fold<FieldExpression, void>(expr, fieldChildren, node => {
    if (isEventField(node)) found.events = true;
    if (isLinkField(node)) found.links = true;
  });
  return found;
}

export function isEventField(node: FieldExpression): boolean {
  if (node.type === 'attribute') return node.scope === 'event';
  return node.type === 'intrinsic' && node.name.startsWith('event:');
}

export function isLinkField(node: FieldExpression): boolean {
  if (node.type === 'attribute') return node.scope === 'link';
  return node.type === 'intrinsic' && node.name.startsWith('link:');
}

function compileValue(expr: FieldExpression, regexes: RegexTests): Evaluator {
  interface Compiled {
    readonly run: Evaluator;
    readonly depth: number;
  }
  return fold<FieldExpression, Compiled>(expr, fieldChildren, (node, parts) => {
    const depth = 1 + parts.reduce((most, part) => Math.max(most, part.depth), 0);
    if (depth > MAX_DEPTH) throw unsupported(`expressions nested deeper than ${MAX_DEPTH} levels`);
    const runs = parts.map(part => part.run);
    return { run: compileNode(node, runs, regexes), depth };
  }).run;
}

function compileNode(node: FieldExpression, runs: readonly Evaluator[], regexes: RegexTests): Evaluator {
  switch (node.type) {
    case 'static': {
      const value = valueOfStatic(node.value);
      return () => value;
    }
    case 'attribute':
    case 'intrinsic':
      return (span, event, link) => span.field(node, event, link);
    case 'unary': {
      const [operand] = runs;
      if (node.op === '!') {
        // What is not true is false: a missing attribute, too.
        return (span, event, link) => operand(span, event, link) !== true;
      }
      return (span, event, link) => {
        const value = operand(span, event, link);
        return isNumeric(value) ? -value : undefined;
      };
    }
    case 'logical':
      return node.op === '&&'
        ? (span, event, link) => runs.every(run => run(span, event, link) === true)
        : (span, event, link) => runs.some(run => run(span, event, link) === true);
    case 'binary':
      return compileBinary(node, runs[0], runs[1], regexes);
    default:
      return assertNever(node);
  }
}

function compileBinary(node: Binary, left: Evaluator, right: Evaluator, regexes: RegexTests): Evaluator {
  const { op } = node;
  switch (op) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return (span, event, link) => calculate(op, left(span, event, link), right(span, event, link));
    case '=~':
    case '!~': {
      const pattern = node.right.type === 'static' && node.right.value.type === 'string' ? node.right.value.value : '';
      const test = (text: string) => regexes.test(pattern, text);
      return (span, event, link) => compareValues(op, left(span, event, link), pattern, test);
    }
    default: {
      const nil = nilTest(node, left, right);
      if (nil !== undefined) return nil;
      const id = traceIdTest(node, left, right);
      return id ?? ((span, event, link) => compareValues(op, left(span, event, link), right(span, event, link)));
    }
  }
}

/** Trace ids compare padded, however they were written; undefined if the comparison is another. */
function traceIdTest(node: Binary, left: Evaluator, right: Evaluator): Evaluator | undefined {
  const isId = [node.left, node.right].map(
    n => n.type === 'intrinsic' && (n.name === 'trace:id' || n.name === 'link:traceID'),
  );
  const [constant, run] = isId[0] ? [node.right, left] : [node.left, right];
  if (isId[0] === isId[1] || constant.type !== 'static' || constant.value.type !== 'string') return undefined;
  if (node.op !== '=' && node.op !== '!=') return undefined;
  const { op } = node;
  const { value } = constant.value;
  const padded = /^[0-9a-f]{1,32}$/.test(value) ? value.padStart(32, '0') : value;
  return (span, event, link) => compareValues(op, run(span, event, link), padded);
}

/** `x = nil`, `x != nil`; undefined if the comparison is another. */
function nilTest(node: Binary, left: Evaluator, right: Evaluator): Evaluator | undefined {
  const [isLeftNil, isRightNil] = [node.left, node.right].map(n => n.type === 'static' && n.value.type === 'nil');
  if (!isLeftNil && !isRightNil) return undefined;
  if (isLeftNil && isRightNil) return () => false;
  const [other, run] = isLeftNil ? [node.right, right] : [node.left, left];
  const wantsMissing = node.op === '=';
  const { events, links } = childScopes(other);
  return (span, event, link) => {
    if ((events && event < 0) || (links && link < 0)) return false;
    return (run(span, event, link) === undefined) === wantsMissing;
  };
}
