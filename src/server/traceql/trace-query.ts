import type { Field, FieldExpression, Query, SpansetFilter, Stage } from '#domain/traceql/ast.ts';
import { fieldChildren, fold, stageChildren } from '#domain/traceql/fold.ts';
import { compilePipeline, filtersOfStages, type PipelineTest } from '#domain/traceql/run/pipeline.ts';
import { unsupported } from '#domain/traceql/run/refusal.ts';
import type { TraceData } from '#domain/traceql/run/trace-data.ts';
import { fieldsOf } from '#domain/traceql/validate.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { compileFinder } from './baggage-sql.ts';
import { covers, type FieldNeeds, needsOf } from './field-needs.ts';
import { spansElsewhere } from './filter-scope.ts';
import { compileFilter, countConditions } from './filter-sql.ts';
import { type LoadPlan, loadTraces } from './load-traces.ts';
import { ALWAYS, both, either, type Predicate, roughly, UNKNOWN } from './predicate.ts';
import { RegexOracle } from './regex-oracle.ts';
import { SqlBuilder } from './sql-params.ts';

/** A query made ready to run over some segments: SQL to find candidate traces, and the judgement of whole traces. */
export interface TraceQuery {
  readonly sql: SqlBuilder;
  readonly segments: readonly SegmentRef[];
  /** Every field that the query names: shown with the spans of a reply. */
  readonly fields: readonly Field[];
  /** What loaded spans can be asked for. */
  readonly needs: FieldNeeds;
  /** Per segment: spans at which every matching trace is found. */
  readonly candidates: ReadonlyMap<number, Predicate>;
  /** Per segment: exactly the matching spans, where the query is one pair of braces that SQL answers alone. */
  readonly matches: ReadonlyMap<number, Predicate> | undefined;
  /** Loads traces with what the judgement needs. */
  load(traceIds: readonly bigint[], segments?: readonly SegmentRef[]): Promise<ReadonlyMap<bigint, TraceData>>;
  /** Judges loaded traces. */
  judge(traces: Iterable<TraceData>): Promise<ReadonlyMap<TraceData, ReturnType<PipelineTest>>>;
}

/** Each costs look-ups in every segment. */
const MAX_FILTERS = 64;
const MAX_CONDITIONS = 256;

/**
 * Compiles the spanset part of a query; a metrics stage is left aside. Of loaded spans `further` fields can be read, too.
 * Rejects with `QueryRefused`.
 */
export async function prepareTraceQuery(
  context: QueryContext,
  query: Query,
  segments: readonly SegmentRef[],
  further: readonly Field[] = [],
): Promise<TraceQuery> {
  if (query.body.type === 'math') throw unsupported('metrics math in a search');
  const { stages } = query.body;
  const filters = filtersOfStages(stages);
  if (filters.length > MAX_FILTERS) throw unsupported(`more than ${MAX_FILTERS} spansets in a query`);
  const fields = fieldsOf(stages);
  const conditions = filters.reduce((sum, { expr }) => sum + countConditions(expr), 0);
  if (conditions > MAX_CONDITIONS) throw unsupported(`more than ${MAX_CONDITIONS} conditions in a query`);
  const sql = new SqlBuilder(context);
  const regexes = new RegexOracle(context);
  await regexes.check(patternsOf(stages));

  const test = compilePipeline(stages, filters, regexes);
  const bySegment = new Map<number, readonly Predicate[]>();
  for (const segment of segments) {
    const predicates: Predicate[] = [];
    for (const { expr } of filters) predicates.push(await compileFilter(expr, { sql, segment, segments }));
    bySegment.set(segment.id, predicates);
  }
  const [first] = stages;
  const candidates = new Map<number, Predicate>();
  for (const segment of segments) {
    const finder = first.type === 'filter' ? await compileFinder(first.expr, { sql, segment, segments }) : undefined;
    candidates.set(segment.id, finder ?? candidatePredicate(first, filters, bySegment, segment.id));
  }
  const isPlain =
    first.type === 'filter' &&
    stages.every(stage => stage === first || stage.type === 'select') &&
    [...bySegment.values()].every(([p]) => p.exact);

  // What SQL judges exactly needs no attributes loaded; the rest of the query does.
  const judgedAside = filters.filter((_, i) => segments.some(({ id }) => !bySegment.get(id)?.[i].exact));
  const plan: LoadPlan = {
    sql,
    segments,
    needs: needsOf([
      ...fieldsOf(judgedAside),
      ...fieldsOf(withoutFilters(stages)),
      ...(isPlain && areColumns(fields, segments) ? fields : []),
      ...further,
    ]),
    filters: bySegment,
    ofMatching: isPlain && further.length === 0,
  };
  return {
    sql,
    segments,
    fields,
    needs: plan.needs,
    candidates,
    matches: isPlain ? new Map([...bySegment].map(([id, [predicate]]) => [id, predicate])) : undefined,
    load: (ids, among = segments) => loadTraces({ ...plan, segments: among }, ids),
    judge: async traces => {
      const list = [...traces];
      for (;;) {
        const judged = new Map(list.map(trace => [trace, test(trace)]));
        if (!(await regexes.resolve())) return judged;
      }
    },
  };
}

/** Whether the fields are columns of the spans: loaded with them they save a second look. */
function areColumns(fields: readonly Field[], segments: readonly SegmentRef[]): boolean {
  const needs = needsOf(fields);
  const own = needsOf(fields.filter(field => field.type === 'attribute' && field.scope === 'span'));
  return covers(own, needs) && [...own.spanKeys].every(key => segments.every(({ promoted }) => promoted.has(key)));
}

/** Aggregates and `by` of the stages, as stages whose fields can be collected. */
function withoutFilters(stages: readonly Stage[]): readonly Stage[] {
  const found: Stage[] = [];
  for (const stage of stages) {
    fold<Stage, void>(stage, stageChildren, node => {
      if (node.type === 'aggregate' || node.type === 'by') found.push(node);
    });
  }
  return found;
}

function patternsOf(stages: readonly Stage[]): readonly string[] {
  const patterns: string[] = [];
  for (const { expr } of filtersOfStages(stages)) collectPatterns(expr, patterns);
  for (const stage of withoutFilters(stages)) {
    if (stage.type === 'by' || stage.type === 'aggregate') collectPatterns(stage.expr, patterns);
  }
  return patterns;
}

function collectPatterns(expr: FieldExpression | undefined, patterns: string[]): void {
  if (expr === undefined) return;
  fold<FieldExpression, void>(expr, fieldChildren, node => {
    if (node.type !== 'binary' || (node.op !== '=~' && node.op !== '!~')) return;
    if (node.right.type === 'static' && node.right.value.type === 'string') patterns.push(node.right.value.value);
  });
}

/**
 * Spans by which every matching trace can be found: those of the side that the answer is taken from. Conditions on other
 * spans of the trace narrow the traces.
 */
function candidatePredicate(
  stage: Stage,
  filters: readonly SpansetFilter[],
  bySegment: ReadonlyMap<number, readonly Predicate[]>,
  segment: number,
): Predicate {
  const places = new Map(filters.map((filter, i) => [filter, i]));
  const ids = [...bySegment.keys()];
  type PerSegment = (id: number) => Predicate;
  interface Found {
    readonly own: PerSegment;
    /** Without the look at other spans of the trace: what other parts may look for without nesting. */
    readonly bare: PerSegment;
  }
  /** Traces that have such a span in any segment. */
  const elsewhere = (bare: PerSegment) => roughly(spansElsewhere(ids.map(id => [id, bare(id)])));
  const found = fold<Stage, Found>(stage, stageChildren, (node, parts) => {
    switch (node.type) {
      case 'filter': {
        const own: PerSegment = id => bySegment.get(id)?.[places.get(node) ?? -1] ?? ALWAYS;
        return { own, bare: own };
      }
      case 'combination': {
        if (node.op === '||') {
          return { own: id => either(parts.map(p => p.own(id))), bare: id => either(parts.map(p => p.bare(id))) };
        }
        const leader = parts.find(p => ids.some(id => p.bare(id).constant === undefined)) ?? parts[0];
        const others = parts.filter(p => p !== leader).slice(0, MAX_JOINS);
        const joins = others.map(p => elsewhere(p.bare));
        return { own: id => both([leader.own(id), ...joins]), bare: leader.bare };
      }
      case 'structure': {
        const [left, right] = parts;
        if (node.mode === 'negated') return right;
        const other = elsewhere(left.bare);
        return { own: id => both([right.own(id), other]), bare: right.bare };
      }
      case 'pipeline':
        return parts[0];
      default:
        return { own: () => UNKNOWN, bare: () => UNKNOWN };
    }
  });
  const predicate = found.own(segment);
  return stage.type === 'filter' ? predicate : roughly(predicate);
}

/** Operands of a && that the search for candidates looks at; the judgement looks at all. */
const MAX_JOINS = 3;
