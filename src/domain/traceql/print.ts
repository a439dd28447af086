import type {
  AggregateFilter,
  Field,
  FieldExpression,
  MathOperand,
  Metrics,
  PipelineQuery,
  Query,
  SecondStage,
  Select,
  Stage,
  Static,
} from '#domain/traceql/ast.ts';
import { rankOf } from '#domain/traceql/field-parser.ts';
import { fieldChildren, fold, mathChildren, stageChildren } from '#domain/traceql/fold.ts';
import { MAX_INT, MIN_INT, printDuration, quoteGo } from '#domain/traceql/literals.ts';

/** The query in canonical spelling. Parsing it gives the same tree (places apart). Comments are lost. */
export function printQuery(query: Query): string {
  const body = fold<MathOperand, string>(query.body, mathChildren, (node, results) => {
    if (node.type === 'number') return printStatic(node.value);
    if (node.type === 'pipeline') return printPipelineQuery(node);
    const [left, right] = results.map((text, i) => {
      const operand = i === 0 ? node.left : node.right;
      return operand.type === 'number' ? text : `(${text})`;
    });
    return `${left} ${node.op} ${right}${printSecond(node.second)}`;
  });
  if (query.hints.length === 0) return body;
  return `${body} with (${query.hints.map(h => `${h.name}=${printStatic(h.value)}`).join(', ')})`;
}

function printPipelineQuery(query: PipelineQuery): string {
  const stages = query.stages.map(printStage).join(' | ');
  if (query.metrics === undefined) return stages;
  return `${stages} | ${printMetrics(query.metrics)}${printSecond(query.second)}`;
}

/** One stage of a pipeline. */
export function printStage(stage: Stage): string {
  return fold<Stage, string>(stage, stageChildren, (node, results) => {
    switch (node.type) {
      case 'filter':
        return node.expr === undefined ? '{}' : `{ ${printExpression(node.expr)} }`;
      case 'aggregate':
        return `${printAggregate(node)} ${node.op} ${printStatic(node.value)}`;
      case 'by':
        return `by(${printExpression(node.expr)})`;
      case 'coalesce':
        return 'coalesce()';
      case 'select':
        return printSelect(node);
      case 'pipeline':
        return chain(results, '|');
      case 'combination':
        return chain(group(results, node.operands), node.op);
      case 'structure': {
        const prefix = node.mode === 'right' ? '' : node.mode === 'negated' ? '!' : '&';
        return chain(group(results, [node.left, node.right]), `${prefix}${node.relation}`);
      }
      default:
        return node satisfies never;
    }
  });
}

/** `avg(duration)`, as replies name it too. */
export function printAggregate(node: AggregateFilter): string {
  return `${node.fn}(${node.expr === undefined ? '' : printExpression(node.expr)})`;
}

/** Concatenates without copying what is below: `join` would make deep nesting quadratic. */
function chain(texts: readonly string[], op: string): string {
  return texts.reduce((left, right) => `${left} ${op} ${right}`);
}

/** Operands in the parentheses that they need; beside a whole pipeline every operand needs them. */
function group(texts: readonly string[], operands: readonly Stage[]): string[] {
  const all = operands.some(operand => operand.type === 'pipeline');
  return texts.map((text, i) => {
    const { type } = operands[i];
    return !all && (type === 'filter' || type === 'aggregate') ? text : `(${text})`;
  });
}

function printSelect(node: Select): string {
  return `select(${node.fields.map(printField).join(', ')})`;
}

function printMetrics(metrics: Metrics): string {
  const by = metrics.by.length === 0 ? '' : ` by (${metrics.by.map(printField).join(', ')})`;
  return `${metrics.fn}(${printMetricsArguments(metrics)})${by}`;
}

function printMetricsArguments(metrics: Metrics): string {
  switch (metrics.fn) {
    case 'rate':
    case 'count_over_time':
      return '';
    case 'quantile_over_time':
      return [printField(metrics.field), ...metrics.quantiles.map(printFloat)].join(', ');
    case 'compare': {
      const parts = [printStage(metrics.selection)];
      if (metrics.topN !== undefined) parts.push(String(metrics.topN));
      if (metrics.window !== undefined) parts.push(String(metrics.window.startNs), String(metrics.window.endNs));
      return parts.join(', ');
    }
    default:
      return printField(metrics.field);
  }
}

function printSecond(second: readonly SecondStage[]): string {
  return second
    .map(stage =>
      stage.type === 'compare' ? ` ${stage.op} ${printStatic(stage.value)}` : ` | ${stage.type}(${stage.n})`,
    )
    .join('');
}

/** A field expression without braces. */
export function printExpression(expr: FieldExpression): string {
  return fold<FieldExpression, string>(expr, fieldChildren, (node, results) => {
    switch (node.type) {
      case 'static':
        return printStatic(node.value);
      case 'attribute':
      case 'intrinsic':
        return printField(node);
      case 'unary':
        return `${node.op}${wrap(results[0], node.operand, 8)}`;
      case 'binary': {
        // All operators bind to the left but ^.
        const rank = rankOf(node);
        const [left, right] = node.op === '^' ? [rank + 1, rank] : [rank, rank + 1];
        return `${wrap(results[0], node.left, left)} ${node.op} ${wrap(results[1], node.right, right)}`;
      }
      case 'logical':
        return chain(
          results.map((text, i) => wrap(text, node.operands[i], rankOf(node) + 1)),
          node.op,
        );
      default:
        return node satisfies never;
    }
  });
}

function wrap(text: string, operand: FieldExpression, least: number): string {
  return rankOf(operand) < least ? `(${text})` : text;
}

/** `span.http.route`, `."odd key"`, `span:parentID`. */
export function printField(field: Field): string {
  if (field.type === 'intrinsic') return field.written;
  return `${field.scope === 'any' ? '' : field.scope}.${printKey(field.key, field.scope === 'any')}`;
}

function printKey(key: string, unscoped: boolean): string {
  const plain = /^[^\s\u0085{}()=~!<>&|^,"\\`]+$/.test(key);
  return plain && !(unscoped && /^\d/.test(key)) ? key : `"${key.replace(/["\\]/g, '\\$&')}"`;
}

/** A constant as the language spells it. */
export function printStatic(value: Static): string {
  switch (value.type) {
    case 'string':
      return quoteGo(value.value);
    case 'int':
      return value.value === MIN_INT ? 'minInt' : value.value === MAX_INT ? 'maxInt' : String(value.value);
    case 'float':
      return printFloat(value.value);
    case 'duration':
      return printDuration(value.ns);
    case 'bool':
      return String(value.value);
    case 'status':
    case 'kind':
      return value.value;
    case 'nil':
      return 'nil';
  }
}

/** Keeps the point or exponent that makes it a float. */
function printFloat(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
