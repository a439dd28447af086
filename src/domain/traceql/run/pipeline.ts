import type { AggregateFilter, FieldExpression, Spanset, SpansetFilter, Stage } from '#domain/traceql/ast.ts';
import { fold, stageChildren } from '#domain/traceql/fold.ts';
import { printAggregate, printExpression } from '#domain/traceql/print.ts';
import { INTRINSIC_TYPES } from '#domain/traceql/validate.ts';
import { compileTest, compileValueOf, type RegexTests } from './evaluate.ts';
import { unsupported } from './refusal.ts';
import { relate } from './structure.ts';
import type { SpanData, TraceData } from './trace-data.ts';
import { compareValues, isNumeric, type Value, valueOfStatic } from './value.ts';

/** A set of spans of one trace, with what `by` and aggregates found out about it. */
export interface SpansetResult {
  readonly spans: readonly SpanData[];
  /** `by(span.a)` → its value, `max(duration)` → the maximum; durations of aggregates are ns marked as such. */
  readonly attributes: readonly SpansetAttribute[];
}

export interface SpansetAttribute {
  readonly key: string;
  readonly value: Value;
  /** How replies print it: a duration of an aggregate and counts are text. */
  readonly as: 'value' | 'duration' | 'count';
}

/** Spansets of a trace that a pipeline leaves; none: the trace does not match. Judged spans: `SpanColumns.holds`. */
export type PipelineTest = (trace: TraceData) => readonly SpansetResult[];

type StageRun = (trace: TraceData, spansets: readonly SpansetResult[]) => readonly SpansetResult[];
/** Members of the answer among the members of the input, by span index. */
type SetRun = (trace: TraceData, among: Uint8Array) => Uint8Array;

/** More levels than these would be calls too deep. */
const MAX_DEPTH = 400;

/**
 * Turns the stages of a pipeline into a function over whole traces. `filters` are the filter nodes in the order in which
 * `SpanColumns.holds` judges them.
 */
export function compilePipeline(
  stages: readonly Stage[],
  filters: readonly SpansetFilter[],
  regexes: RegexTests,
): PipelineTest {
  for (const stage of stages) checkDepth(stage);
  const runs = stages.map(stage => compileStage(stage, filters, regexes));
  return trace => {
    let spansets: readonly SpansetResult[] = [{ spans: trace.spans, attributes: [] }];
    for (const run of runs) {
      spansets = run(trace, spansets);
      if (spansets.length === 0) break;
    }
    return spansets;
  };
}

/** Every filter of a pipeline, in a fixed order. */
export function filtersOfStages(stages: readonly Stage[]): readonly SpansetFilter[] {
  const filters: SpansetFilter[] = [];
  for (const stage of stages) {
    fold<Stage, void>(stage, stageChildren, node => {
      if (node.type === 'filter') filters.push(node);
    });
  }
  return filters;
}

function checkDepth(stage: Stage): void {
  fold<Stage, number>(stage, stageChildren, (_node, depths) => {
    const depth = 1 + depths.reduce((most, d) => Math.max(most, d), 0);
    if (depth > MAX_DEPTH) throw unsupported(`spansets nested deeper than ${MAX_DEPTH} levels`);
    return depth;
  });
}

function compileStage(stage: Stage, filters: readonly SpansetFilter[], regexes: RegexTests): StageRun {
  switch (stage.type) {
    case 'by': {
      const value = compileValueOf(stage.expr, regexes);
      const key = `by(${printExpression(stage.expr)})`;
      const as = isDuration(stage.expr) ? 'duration' : 'value';
      return (_trace, spansets) => spansets.flatMap(spanset => groupBy(spanset, key, as, value));
    }
    case 'coalesce':
      return (trace, spansets) => {
        const members = new Set(spansets.flatMap(s => s.spans));
        const spans = trace.spans.filter(span => members.has(span));
        return spans.length === 0 ? [] : [{ spans, attributes: [] }];
      };
    case 'select':
      return (_trace, spansets) => spansets;
    case 'aggregate': {
      const aggregate = compileAggregate(stage, regexes);
      return (_trace, spansets) =>
        spansets.flatMap(spanset => {
          const attribute = aggregate(spanset.spans);
          if (attribute === undefined) return [];
          const others = spanset.attributes.filter(a => a.key !== attribute.key);
          return [{ spans: spanset.spans, attributes: [...others, attribute] }];
        });
    }
    default: {
      const run = compileSet(stage, filters, regexes);
      return (trace, spansets) =>
        spansets.flatMap(spanset => {
          const among = new Uint8Array(trace.spans.length);
          for (const span of spanset.spans) among[span.index] = 1;
          const members = run(trace, among);
          const spans = spanset.spans.filter(span => members[span.index] === 1);
          return spans.length === 0 ? [] : [{ spans, attributes: spanset.attributes }];
        });
    }
  }
}

function compileSet(spanset: Spanset, filters: readonly SpansetFilter[], regexes: RegexTests): SetRun {
  return fold<Stage, SetRun>(spanset, setChildren, (node, runs) => compileSetNode(node, runs, filters, regexes));
}

/** A pipeline in parentheses is compiled as a whole. */
function setChildren(node: Stage): readonly Stage[] {
  return node.type === 'pipeline' ? [] : stageChildren(node);
}

function compileSetNode(
  node: Stage,
  runs: readonly SetRun[],
  filters: readonly SpansetFilter[],
  regexes: RegexTests,
): SetRun {
  switch (node.type) {
    case 'filter': {
      const test = compileTest(node.expr, regexes);
      const place = filters.indexOf(node);
      return (trace, among) => {
        const out = new Uint8Array(among.length);
        for (const span of trace.spans) {
          const i = span.index;
          if (among[i] === 1) out[i] = Number(span.columns.holds[place] ?? test(span));
        }
        return out;
      };
    }
    case 'combination':
      return (trace, among) => {
        const sets = runs.map(run => run(trace, among));
        // && wants all of them somewhere in the trace; either way the answer is the union.
        const out = new Uint8Array(among.length);
        if (node.op === '&&' && sets.some(set => !set.includes(1))) return out;
        for (const set of sets) for (let i = 0; i < out.length; i++) out[i] |= set[i];
        return out;
      };
    case 'structure':
      return (trace, among) => relate(node, trace.nested, runs[0](trace, among), runs[1](trace, among));
    case 'aggregate':
    case 'pipeline': {
      const stages = node.type === 'pipeline' ? node.stages : [node];
      const stageRuns = stages.map(stage => compileStage(stage, filters, regexes));
      return (trace, among) => {
        let spansets: readonly SpansetResult[] = [
          { spans: trace.spans.filter(s => among[s.index] === 1), attributes: [] },
        ];
        if (spansets[0].spans.length === 0) spansets = [];
        for (const run of stageRuns) spansets = run(trace, spansets);
        const out = new Uint8Array(among.length);
        for (const { spans } of spansets) for (const span of spans) out[span.index] = 1;
        return out;
      };
    }
    default:
      // by, select and coalesce stand in pipelines only.
      return (_trace, among) => among;
  }
}

function groupBy(
  spanset: SpansetResult,
  key: string,
  as: SpansetAttribute['as'],
  read: (span: SpanData) => Value,
): readonly SpansetResult[] {
  const groups = new Map<string, { readonly value: Value; readonly spans: SpanData[] }>();
  // Groups stand in the order in which their spans arrived.
  for (const span of [...spanset.spans].sort((a, b) => (a.columns.rowId < b.columns.rowId ? -1 : 1))) {
    const value = read(span);
    const name = `${typeof value}:${value !== undefined && typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { value, spans: [span] });
    else group.spans.push(span);
  }
  return [...groups.values()].map(({ value, spans }) => ({
    spans,
    attributes: [...spanset.attributes, { key, value, as }],
  }));
}

function compileAggregate(
  node: AggregateFilter,
  regexes: RegexTests,
): (spans: readonly SpanData[]) => SpansetAttribute | undefined {
  const key = printAggregate(node);
  const limit = valueOfStatic(node.value);
  if (node.fn === 'count' || node.expr === undefined) {
    return spans => {
      const value = BigInt(spans.length);
      return compareValues(node.op, value, limit) ? { key, value, as: 'count' } : undefined;
    };
  }
  const read = compileValueOf(node.expr, regexes);
  const inTime = isDuration(node.expr);
  const { fn } = node;
  return spans => {
    // Spans without the value, or with one that is no number, are left out.
    const numbers: (bigint | number)[] = [];
    for (const span of spans) {
      const value = read(span);
      if (isNumeric(value)) numbers.push(value);
    }
    const value = aggregateOf(fn, inTime ? numbers : numbers.map(n => (fn === 'avg' ? Number(n) : n)));
    if (value === undefined || !compareValues(node.op, value, limit)) return undefined;
    return { key, value, as: inTime ? 'duration' : 'value' };
  };
}

function isDuration(expr: FieldExpression): boolean {
  return expr.type === 'intrinsic' && INTRINSIC_TYPES[expr.name] === 'duration';
}

function aggregateOf(
  fn: 'avg' | 'min' | 'max' | 'sum',
  numbers: readonly (bigint | number)[],
): bigint | number | undefined {
  if (numbers.length === 0) return undefined;
  if (fn === 'min' || fn === 'max') {
    return numbers.reduce((best, n) => ((fn === 'min' ? n < best : n > best) ? n : best));
  }
  const ints = numbers.filter(n => typeof n === 'bigint');
  if (ints.length === numbers.length) {
    const sum = ints.reduce((total, n) => total + n, 0n);
    return fn === 'sum' ? sum : sum / BigInt(ints.length);
  }
  const sum = numbers.reduce<number>((total, n) => total + Number(n), 0);
  return fn === 'sum' ? sum : sum / numbers.length;
}
