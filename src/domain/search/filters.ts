import {
  conditionOf,
  distinct,
  type Filter,
  filterFieldKey,
  filterOfCondition,
  isNegative,
} from '#domain/search/filter.ts';
import type {
  FieldExpression,
  MathOperand,
  PipelineQuery,
  Query,
  QueryBody,
  Spanset,
  SpansetFilter,
  Stage,
} from '#domain/traceql/ast.ts';
import { fold, mathChildren } from '#domain/traceql/fold.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printExpression, printQuery } from '#domain/traceql/print.ts';

/** A query as the filter bar shows it. */
export interface FilterView {
  readonly filters: readonly Filter[];
  /**
   * What chips cannot say, as a query of its own ("advanced"); undefined if the chips say everything. Text that does not
   * parse is all rest. The chips are merged into the first braces of the rest: `{ chips && rest } | …`; where the rest
   * starts with anything but one pair of braces, beside it: `{ chips } && (rest) | …`.
   */
  readonly rest: string | undefined;
}

/** The query that finds everything. */
export const EVERYTHING = '{}';

const PLACE = { from: 0, to: 0 };
/** Paused chips travel in the query as a comment, so that a link keeps them; % and the end of comments are escaped. */
const PAUSED = /\s*\/\*\s*paused: ([\s\S]*?)\s*\*\/\s*$/;

/**
 * Splits a query into chips and rest. `queryOf` of the answer means the same; `filtersOf(queryOf(f, r))` is (f, r) for
 * every view that `filtersOf` gives.
 */
export function filtersOf(query: string): FilterView {
  const comment = PAUSED.exec(query);
  const paused = comment === null ? undefined : pausedFilters(comment[1]);
  const text = (comment === null || paused === undefined ? query : query.slice(0, comment.index)).trim();
  const { filters, rest } = split(text);
  return { filters: paused === undefined ? filters : [...filters, ...paused], rest };
}

/**
 * The query of a view: active chips merged into the rest, paused ones kept as a comment at the end. A chip that still
 * lacks its value is left out.
 */
export function queryOf(filters: readonly Filter[], rest?: string): string {
  const complete = filters.filter(isComplete);
  const paused = complete.filter(f => f.paused === true);
  const query = merge(complete.filter(f => f.paused !== true).map(conditionOf), rest);
  if (paused.length === 0) return query;
  const text = printExpression(all(paused.map(conditionOf)) as FieldExpression);
  return `${query} /* paused: ${text.replaceAll('%', '%25').replaceAll('*/', '*%2F')} */`;
}

function isComplete(filter: Filter): boolean {
  return filter.values.length > 0 || filter.op === 'exists' || filter.op === 'missing';
}

function pausedFilters(comment: string): readonly Filter[] | undefined {
  const text = comment.replaceAll('*%2F', '*/').replaceAll('%25', '%');
  const view = split(`{ ${text} }`);
  return view.rest === undefined ? view.filters.map(f => ({ ...f, paused: true as const })) : undefined;
}

function split(text: string): FilterView {
  const parsed = text === '' ? undefined : parseQuery(text);
  if (parsed === undefined) return { filters: [], rest: undefined };
  if (!parsed.ok || parsed.value.body.type === 'math') return { filters: [], rest: text };
  const { body, hints } = parsed.value;
  const { filters, left } = splitStage(body.stages[0]);
  const query: Query = { body: { ...body, stages: [left, ...body.stages.slice(1)] }, hints };
  const printed = printQuery(query);
  if (printed === EVERYTHING) return { filters, rest: undefined };
  return { filters, rest: filters.length === 0 ? text : printed };
}

function splitStage(stage: Stage): { readonly filters: readonly Filter[]; readonly left: Stage } {
  if (stage.type === 'filter') return splitFilter(stage);
  if (stage.type === 'combination' && stage.op === '&&' && stage.operands.length === 2) {
    const [chips, beside] = stage.operands;
    const mergeable = beside.type === 'filter' || beside.type === 'pipeline';
    if (chips.type === 'filter' && !mergeable) {
      const { filters, left } = splitFilter(chips);
      if (left.expr === undefined) return { filters, left: beside };
    }
  }
  return { filters: [], left: stage };
}

function splitFilter(filter: SpansetFilter): { readonly filters: readonly Filter[]; readonly left: SpansetFilter } {
  const filters: Filter[] = [];
  const excluded = new Map<string, number>();
  const left: FieldExpression[] = [];
  for (const conjunct of conjuncts(filter.expr)) {
    const chip = filterOfCondition(conjunct);
    if (chip === undefined) {
      left.push(conjunct);
      continue;
    }
    // a != 1 && a != 2 is one chip that excludes both.
    const key = `${chip.op} ${filterFieldKey(chip.field)}`;
    const at = isNegative(chip.op) ? excluded.get(key) : undefined;
    if (at === undefined) {
      if (isNegative(chip.op)) excluded.set(key, filters.length);
      filters.push(chip);
    } else filters[at] = { ...filters[at], values: [...filters[at].values, ...chip.values] };
  }
  const merged = filters.map(f => (isNegative(f.op) ? { ...f, values: distinct(f.values) } : f));
  return { filters: merged, left: { type: 'filter', expr: all(left), ...PLACE } };
}

function conjuncts(expr: FieldExpression | undefined): readonly FieldExpression[] {
  if (expr === undefined) return [];
  return expr.type === 'logical' && expr.op === '&&' ? expr.operands : [expr];
}

/** The conjunction; chains are flattened one level, as the parser would. */
function all(parts: readonly FieldExpression[]): FieldExpression | undefined {
  const operands = parts.flatMap(conjuncts);
  if (operands.length < 2) return operands[0];
  return { type: 'logical', op: '&&', operands, ...PLACE };
}

function merge(chips: readonly FieldExpression[], rest: string | undefined): string {
  if (chips.length === 0) return rest ?? EVERYTHING;
  const parsed = parseQuery(rest ?? EVERYTHING);
  if (!parsed.ok) return `{ ${printExpression(all(chips) as FieldExpression)} } && (${rest})`;
  const { body, hints } = parsed.value;
  const mergeInto = (query: PipelineQuery): PipelineQuery => {
    const [first, ...more] = query.stages;
    return { ...query, stages: [...mergeStage(chips, first), ...more] };
  };
  // Metrics arithmetic: the chips narrow every query in it.
  const merged = fold<MathOperand, MathOperand>(body, mathChildren, (node, [left, right]) => {
    if (node.type === 'pipeline') return mergeInto(node);
    return node.type === 'math' ? { ...node, left, right } : node;
  });
  return printQuery({ body: merged as QueryBody, hints });
}

function mergeStage(chips: readonly FieldExpression[], first: Stage): readonly Stage[] {
  const filter = (expr: FieldExpression | undefined): SpansetFilter => ({ type: 'filter', expr, ...PLACE });
  if (first.type === 'filter') {
    return [filter(all(first.expr === undefined ? chips : [...chips, ...conjuncts(first.expr)]))];
  }
  // by(…) first: groups everything, so the chips go before it.
  if (first.type === 'by' || first.type === 'coalesce' || first.type === 'select') return [filter(all(chips)), first];
  const operands: readonly Spanset[] = [filter(all(chips)), first];
  return [{ type: 'combination', op: '&&', operands, ...PLACE }];
}
