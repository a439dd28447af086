import { err, type Result } from '#domain/result.ts';
import type {
  Field,
  FieldExpression,
  Intrinsic,
  MathOperand,
  Metrics,
  Place,
  Query,
  SecondStage,
  Stage,
} from '#domain/traceql/ast.ts';
import { expressionsOf, fieldChildren, fold, mathChildren, pipelinesOf, stageChildren } from '#domain/traceql/fold.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printAggregate, printExpression, printField, printStatic } from '#domain/traceql/print.ts';
import { regexError } from '#domain/traceql/regex-syntax.ts';
import { type TraceqlError, traceqlError } from '#domain/traceql/traceql-error.ts';

/** What an expression yields as far as the text tells: an attribute is `any`, its type is known per span only. */
export type ValueType = 'string' | 'int' | 'float' | 'duration' | 'bool' | 'status' | 'kind' | 'nil' | 'any';

/** Metrics group by at most so many fields. */
const MAX_GROUP_KEYS = 5;

/** An editor marks all of them; more than these nobody reads. */
const MAX_ERRORS = 20;

/** Parses and checks a query: `ok` means that it has a meaning, whether or not everything in it is served. */
export function readQuery(text: string): Result<Query, TraceqlError> {
  const parsed = parseQuery(text);
  if (!parsed.ok) return parsed;
  const [error] = validate(parsed.value, text);
  return error === undefined ? parsed : err(error);
}

/** Why a query that parses means nothing, at most 20 reasons; empty if it is sound. `text` is only for positions. */
export function validate(query: Query, text: string): readonly TraceqlError[] {
  const errors: TraceqlError[] = [];
  // Messages quote the expression, so they are made only while they are wanted: a hostile query has thousands.
  const fail: Fail = (place, message, hint) => {
    if (errors.length < MAX_ERRORS) errors.push(traceqlError('invalid', text, place, message(), hint));
  };
  for (const pipeline of pipelinesOf(query.body)) {
    for (const stage of pipeline.stages) validateStage(stage, fail);
    if (pipeline.metrics !== undefined) validateMetrics(pipeline.metrics, fail);
  }
  fold<MathOperand, void>(query.body, mathChildren, node => {
    if (node.type !== 'number') for (const second of node.second) validateSecond(second, fail);
    else if (!isNumber(node.value.type)) fail(EVERYWHERE, () => 'metrics arithmetic needs a number');
  });
  return errors;
}

type Fail = (place: Place, message: () => string, hint?: string) => void;

const EVERYWHERE: Place = { from: 0, to: 0 };

function validateStage(stage: Stage, fail: Fail): void {
  fold<Stage, void>(stage, stageChildren, node => {
    switch (node.type) {
      case 'filter': {
        if (node.expr === undefined) return;
        const type = checkExpression(node.expr, fail);
        if (type !== 'bool' && type !== 'any') {
          const { expr } = node;
          const message = () => `span filter field expressions must resolve to a boolean: { ${excerpt(expr)} }`;
          fail(expr, message, 'Compare it with a value, e.g. name = "GET /".');
        }
        return;
      }
      case 'aggregate': {
        const { expr, value } = node;
        const name = () => printAggregate(node).slice(0, 200);
        if (expr !== undefined) {
          const type = checkExpression(expr, fail);
          if (!isNumber(type) && type !== 'any') {
            fail(expr, () => `aggregate field expressions must resolve to a number type: ${name()}`);
          }
          if (!hasField(expr)) fail(expr, () => `aggregate field expressions must reference the span: ${name()}`);
        }
        if (!isNumber(value.type)) {
          fail(node, () => `illegal operation for the given types: ${name()} ${node.op} ${printStatic(value)}`);
        }
        return;
      }
      case 'by': {
        checkExpression(node.expr, fail);
        if (!hasField(node.expr))
          fail(node.expr, () => `grouping field expressions must reference the span: by(${excerpt(node.expr)})`);
        return;
      }
      case 'select':
        for (const field of node.fields) checkField(field, fail);
        return;
      default:
    }
  });
}

function validateMetrics(metrics: Metrics, fail: Fail): void {
  for (const field of metrics.by) checkField(field, fail);
  if (metrics.by.length > MAX_GROUP_KEYS)
    fail(metrics, () => `metrics group by ${metrics.by.length} values not yet supported`);
  if ('field' in metrics) {
    const type = checkField(metrics.field, fail);
    if (!isNumber(type) && type !== 'any')
      fail(metrics.field, () => `${metrics.fn} needs a number: ${printField(metrics.field)}`);
  }
  if (metrics.fn === 'quantile_over_time') {
    const wrong = metrics.quantiles.find(q => !(q >= 0 && q <= 1));
    if (wrong !== undefined) fail(metrics, () => `quantile must be between 0 and 1: ${wrong}`);
  }
  if (metrics.fn === 'compare') {
    validateStage(metrics.selection, fail);
    if (metrics.topN !== undefined && metrics.topN <= 0)
      fail(metrics, () => 'compare() top number of values must be integer greater than 0');
    if (metrics.window !== undefined && metrics.window.endNs <= metrics.window.startNs) {
      fail(metrics, () => 'compare() timestamps must be both set, and end must be after start');
    }
  }
}

function validateSecond(second: SecondStage, fail: Fail): void {
  if (second.type === 'compare') {
    if (!isNumber(second.value.type)) fail(EVERYWHERE, () => 'metrics filters compare with a number');
  } else if (second.n <= 0) fail(EVERYWHERE, () => `${second.type} limit must be greater than 0`);
}

function checkExpression(expr: FieldExpression, fail: Fail): ValueType {
  return fold<FieldExpression, ValueType>(expr, fieldChildren, (node, types) => {
    switch (node.type) {
      case 'static':
        return node.value.type;
      case 'attribute':
      case 'intrinsic':
        return checkField(node, fail);
      case 'unary': {
        const [type] = types;
        const fits = type === 'any' || (node.op === '!' ? type === 'bool' : isNumber(type));
        if (!fits) illegal(node, fail);
        return type;
      }
      case 'logical':
        if (types.some(type => type !== 'bool' && type !== 'any')) illegal(node, fail);
        return 'bool';
      case 'binary':
        return checkBinary(node, types[0], types[1], fail);
      default:
        return node satisfies never;
    }
  });
}

function checkBinary(
  node: Extract<FieldExpression, { type: 'binary' }>,
  left: ValueType,
  right: ValueType,
  fail: Fail,
): ValueType {
  switch (node.op) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      if (![left, right].every(type => type === 'any' || isNumber(type))) illegal(node, fail);
      if (left === 'any' || right === 'any') return 'any';
      if (left === 'duration' || right === 'duration') return 'duration';
      return left === 'float' || right === 'float' ? 'float' : 'int';
    case '=~':
    case '!~': {
      if (left !== 'string' && left !== 'any') illegal(node, fail);
      if (node.right.type !== 'static' || node.right.value.type !== 'string') {
        illegal(node, fail, 'A regular expression is a string literal.');
        return 'bool';
      }
      const problem = regexError(node.right.value.value);
      if (problem !== undefined)
        fail(node.right, () => `invalid regex: ${problem}`, 'RE2 syntax, matched against the whole value.');
      return 'bool';
    }
    default:
      if (left === 'nil' || right === 'nil') checkNil(node, fail);
      else if (node.op === '=' || node.op === '!=') {
        if (!comparable(left, right)) illegal(node, fail, mismatchHint(left, right));
      } else if (!ordered(left, right)) illegal(node, fail, mismatchHint(left, right));
      return 'bool';
  }
}

function checkNil(node: Extract<FieldExpression, { type: 'binary' }>, fail: Fail): void {
  if (node.op !== '=' && node.op !== '!=') illegal(node, fail);
  const other = node.left.type === 'static' && node.left.value.type === 'nil' ? node.right : node.left;
  if (other.type === 'static' && other.value.type !== 'nil') illegal(node, fail);
  if (node.op !== '=') return;
  // service.name always has a value: where it is missing it is "".
  const always =
    other.type === 'intrinsic' ||
    (other.type === 'attribute' && other.scope === 'resource' && other.key === 'service.name');
  if (!always) return;
  const message = () => `${printField(other)}=nil is not valid because intrinsics cannot be nil`;
  fail(node, message, `Compare with the empty string: ${printField(other)} = "".`);
}

function checkField(field: Field, fail: Fail): ValueType {
  if (field.type === 'intrinsic') {
    if (field.name === 'parent') fail(field, () => 'intrinsic (parent) not yet supported');
    return INTRINSIC_TYPES[field.name];
  }
  if (field.scope === 'parent') fail(field, () => `scope (parent) not yet supported: ${printField(field)}`);
  return 'any';
}

/** What each intrinsic holds. */
export const INTRINSIC_TYPES: Readonly<Record<Intrinsic, ValueType>> = {
  duration: 'duration',
  name: 'string',
  status: 'status',
  statusMessage: 'string',
  kind: 'kind',
  rootName: 'string',
  rootServiceName: 'string',
  traceDuration: 'duration',
  nestedSetLeft: 'int',
  nestedSetRight: 'int',
  nestedSetParent: 'int',
  'trace:id': 'string',
  'span:id': 'string',
  'span:parentID': 'string',
  'span:childCount': 'int',
  'event:name': 'string',
  'event:timeSinceStart': 'duration',
  'link:traceID': 'string',
  'link:spanID': 'string',
  'instrumentation:name': 'string',
  'instrumentation:version': 'string',
  parent: 'any',
};

function isNumber(type: ValueType): boolean {
  return type === 'int' || type === 'float' || type === 'duration';
}

function comparable(left: ValueType, right: ValueType): boolean {
  return left === 'any' || right === 'any' || left === right || (isNumber(left) && isNumber(right));
}

function ordered(left: ValueType, right: ValueType): boolean {
  const orders = (type: ValueType) => type === 'any' || type === 'string' || isNumber(type);
  return comparable(left, right) && orders(left) && orders(right);
}

function mismatchHint(left: ValueType, right: ValueType): string | undefined {
  if (left === right) return `Only = and != make sense for ${left}.`;
  if ((left === 'status' || left === 'kind') && right === 'string') return `Write the ${left} without quotes.`;
  if (left === 'duration' && right === 'string') return 'Write the duration without quotes: 1.5s.';
  return `The left side is of type ${left}, the right side of type ${right}.`;
}

function illegal(node: FieldExpression, fail: Fail, hint?: string): void {
  fail(node, () => `illegal operation for the given types: ${excerpt(node)}`, hint);
}

function excerpt(expr: FieldExpression): string {
  return printExpression(expr).slice(0, 200);
}

function hasField(expr: FieldExpression): boolean {
  return fold<FieldExpression, boolean>(
    expr,
    fieldChildren,
    (node, found) => node.type === 'attribute' || node.type === 'intrinsic' || found.includes(true),
  );
}

/** Every attribute and intrinsic that a pipeline names, in order, repeats included. */
export function fieldsOf(stages: readonly Stage[]): readonly Field[] {
  const fields: Field[] = [];
  for (const expr of expressionsOf(stages)) {
    fold<FieldExpression, void>(expr, fieldChildren, node => {
      if (node.type === 'attribute' || node.type === 'intrinsic') fields.push(node);
    });
  }
  return fields;
}
