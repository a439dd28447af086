import type { Field, FieldExpression, Spanset, SpansetFilter, Stage } from '#domain/traceql/ast.ts';
import { fieldChildren, fold, stageChildren } from '#domain/traceql/fold.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printExpression, printQuery } from '#domain/traceql/print.ts';

export interface TempoQuery {
  readonly query: string;
  /** What plain Tempo cannot be asked exactly: sentences for the reader. */
  readonly approximations: readonly string[];
}

const PLACE = { from: 0, to: 0 };

/**
 * A query with `baggage.` conditions for a Tempo that does not know that scope: `{ a && baggage.k = "v" }` becomes
 * `{ a } && { span.k = "v" }`, the trace-level meaning that baggage has. Other queries come back as they are.
 */
export function rewriteForTempo(text: string): TempoQuery {
  const parsed = parseQuery(text);
  if (!parsed.ok || parsed.value.body.type === 'math' || !/\bbaggage\./.test(text)) {
    return { query: text, approximations: [] };
  }
  const { body, hints } = parsed.value;
  const approximations = new Set<string>();
  const stages = body.stages.map(stage => {
    const { node, apart } = rewriteStage(stage, approximations);
    return isSpanset(node) ? beside(node, apart) : node;
  });
  if (stages.some((stage, i) => i > 0 && stage !== body.stages[i] && stage.type === 'combination')) {
    approximations.add('Baggage in a later stage also adds the spans that carry it.');
  }
  const metrics = body.metrics && { ...body.metrics, by: body.metrics.by.map(asSpanField) };
  return { query: printQuery({ body: { ...body, stages, metrics }, hints }), approximations: [...approximations] };
}

interface Rewritten {
  readonly node: Stage;
  /** Filters that hold for the whole trace, to be joined by && at the outermost place that allows it. */
  readonly apart: readonly SpansetFilter[];
}

function rewriteStage(stage: Stage, notes: Set<string>): Rewritten {
  return fold<Stage, Rewritten>(stage, stageChildren, (node, parts) => {
    switch (node.type) {
      case 'filter':
        return rewriteFilter(node, notes);
      case 'combination': {
        if (node.op === '&&')
          return { node: { ...node, operands: parts.map(asSpanset) }, apart: parts.flatMap(p => p.apart) };
        return { node: { ...node, operands: parts.map(p => beside(asSpanset(p), p.apart)) }, apart: [] };
      }
      case 'structure': {
        const [left, right] = parts;
        const joined = node.mode === 'negated' ? right.apart : [...left.apart, ...right.apart];
        const operand = node.mode === 'negated' ? beside(asSpanset(left), left.apart) : asSpanset(left);
        return { node: { ...node, left: operand, right: asSpanset(right) }, apart: joined };
      }
      case 'pipeline': {
        const stages = parts.map(p => (isSpanset(p.node) ? beside(p.node, p.apart) : p.node));
        return { node: { ...node, stages }, apart: [] };
      }
      case 'aggregate':
      case 'by':
        return {
          node: node.expr === undefined ? node : { ...node, expr: asSpanAttribute(node.expr, notes) },
          apart: [],
        };
      case 'select':
        return { node: { ...node, fields: node.fields.map(asSpanField) }, apart: [] };
      default:
        return { node, apart: [] };
    }
  });
}

function rewriteFilter(filter: SpansetFilter, notes: Set<string>): Rewritten {
  const { expr } = filter;
  if (expr === undefined) return { node: filter, apart: [] };
  const parts = expr.type === 'logical' && expr.op === '&&' ? expr.operands : [expr];
  const kept: FieldExpression[] = [];
  const apart: SpansetFilter[] = [];
  for (const part of parts) {
    const { baggage, other } = fieldsIn(part);
    if (!baggage) kept.push(part);
    else if (other) {
      notes.add(`${printExpression(part)} is asked of one span, not of the whole trace.`);
      kept.push(asSpanAttribute(part, notes));
    } else apart.push({ type: 'filter', expr: asSpanAttribute(part, notes), ...PLACE });
  }
  if (kept.length > 0) return { node: { type: 'filter', expr: conjunction(kept), ...PLACE }, apart };
  const [only, ...others] = apart;
  return { node: only, apart: others };
}

function asSpanAttribute(expr: FieldExpression, notes: Set<string>): FieldExpression {
  return fold<FieldExpression, FieldExpression>(expr, fieldChildren, (node, operands) => {
    switch (node.type) {
      case 'attribute':
        return asSpanField(node);
      case 'unary':
        return { ...node, operand: operands[0] };
      case 'binary': {
        const missing = node.op === '=' && node.right.type === 'static' && node.right.value.type === 'nil';
        if (missing && node.left.type === 'attribute' && node.left.scope === 'baggage') {
          notes.add(`${printExpression(node)} finds traces with any span that lacks it.`);
        }
        return { ...node, left: operands[0], right: operands[1] };
      }
      case 'logical':
        return { ...node, operands };
      default:
        return node;
    }
  });
}

function asSpanField(field: Field): Field {
  return field.type === 'attribute' && field.scope === 'baggage' ? { ...field, scope: 'span' } : field;
}

function fieldsIn(expr: FieldExpression): { baggage: boolean; other: boolean } {
  const found = { baggage: false, other: false };
  fold<FieldExpression, void>(expr, fieldChildren, node => {
    if (node.type === 'attribute' && node.scope === 'baggage') found.baggage = true;
    else if (node.type === 'attribute' || node.type === 'intrinsic') found.other = true;
  });
  return found;
}

function conjunction(parts: readonly FieldExpression[]): FieldExpression {
  return parts.length === 1 ? parts[0] : { type: 'logical', op: '&&', operands: parts, ...PLACE };
}

function beside(spanset: Spanset, apart: readonly SpansetFilter[]): Spanset {
  if (apart.length === 0) return spanset;
  return { type: 'combination', op: '&&', operands: [spanset, ...apart], ...PLACE };
}

function asSpanset(part: Rewritten): Spanset {
  return part.node as Spanset;
}

function isSpanset(stage: Stage): stage is Spanset {
  return stage.type !== 'by' && stage.type !== 'coalesce' && stage.type !== 'select';
}
