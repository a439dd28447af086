import type { Field, PipelineQuery, Query, Stage } from '#domain/traceql/ast.ts';
import { pipelinesOf } from '#domain/traceql/fold.ts';
import { QueryRefused, unsupported } from '#domain/traceql/run/refusal.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { answering, parse } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { prepareTraceQuery } from '#server/traceql/trace-query.ts';
import { aggregateSegment, isSqlMetrics } from './aggregate-sql.ts';
import { addSpan, eachMatchingSpan } from './aggregate-traces.ts';
import { Cells } from './cells.ts';
import { compareSeries } from './compare-series.ts';
import { type Exemplar, loadExemplars } from './exemplars.ts';
import { matchingRows } from './matching-rows.ts';
import { plainRows } from './plain-rows.ts';
import { combineSeries } from './second-stage.ts';
import { type Label, type Series, seriesOf } from './series.ts';
import { instantGrid, labelMs, rangeGrid, type TimeGrid } from './time-grid.ts';

export interface MetricsArgs {
  readonly q: string;
  /** Unix ns, both included. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Undefined: one point for the whole range. */
  readonly stepNs: bigint | undefined;
  /** In all; a hint of the query may forbid or lower them. */
  readonly exemplars: number;
  readonly maxSeries: number;
}

export interface MetricsAnswer {
  /** Unix ms of each point. */
  readonly timesMs: readonly string[];
  readonly series: readonly MetricsSeries[];
  readonly inspectedSpans: number;
  /** Why series are missing. */
  readonly partial: string | undefined;
}

export interface MetricsSeries {
  readonly labels: readonly Label[];
  /** By time; NaN where there is no value. */
  readonly points: Float64Array;
  readonly exemplars: readonly Exemplar[];
}

const MAX_PIPELINES = 8;
/** Groups that second stages choose from. */
const MAX_GROUPS = 10_000;
/** Points of a reply. */
const MAX_POINTS = 1_000_000;
const HOUR_NS = 3_600_000_000_000n;

/** Series of a metrics query over a range or at an instant. */
export async function queryMetrics(context: QueryContext, args: MetricsArgs): Promise<Answer<MetricsAnswer>> {
  return answering(async () => {
    const query = parse(args.q);
    const pipelines = pipelinesOf(query.body);
    if (pipelines.length > MAX_PIPELINES) throw unsupported(`more than ${MAX_PIPELINES} queries in metrics math`);
    const grid =
      args.stepNs === undefined
        ? instantGrid(args.startNs, args.endNs)
        : rangeGrid(args.startNs, args.endNs, args.stepNs);
    const work: Work = { context, grid, exemplars: exemplarsOf(query, args), isCut: false };
    const results = new Map<PipelineQuery, readonly Series[]>();
    for (const pipeline of pipelines) results.set(pipeline, await runPipeline(work, pipeline));
    const all = combineSeries(query.body, pipeline => results.get(pipeline) ?? []);
    const most = Math.min(args.maxSeries, Math.floor(MAX_POINTS / grid.count));
    const kept = [...all].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, most);
    const exemplars = await loadExemplars(context, kept, work.exemplars, grid);
    const isCut = work.isCut || kept.length < all.length;
    return {
      timesMs: Array.from({ length: grid.count }, (_, i) => String(labelMs(grid, i))),
      series: kept.map((series, i) => ({
        labels: series.labels,
        points: series.points,
        exemplars: exemplars[i] ?? [],
      })),
      inspectedSpans: context.segments(grid.lowNs, grid.highNs + 1n).reduce((sum, s) => sum + s.spanCount, 0),
      partial: isCut
        ? `Response exceeds maximum series limit of ${most}, a partial response is returned. Warning: the accuracy of each individual value is not guaranteed.`
        : undefined,
    };
  });
}

interface Work {
  readonly context: QueryContext;
  readonly grid: TimeGrid;
  readonly exemplars: number;
  isCut: boolean;
}

async function runPipeline(work: Work, pipeline: PipelineQuery): Promise<readonly Series[]> {
  const { metrics } = pipeline;
  if (metrics === undefined) {
    throw new QueryRefused('invalid TraceQL query: not a metrics query: it has no function such as | rate()');
  }
  const { context, grid } = work;
  const body: PipelineQuery = { ...pipeline, stages: spanStages(pipeline.stages), metrics: undefined, second: [] };
  const segments = context.segments(grid.lowNs, grid.highNs + 1n);
  const around = context.segments(grid.lowNs - HOUR_NS, grid.highNs + HOUR_NS);
  const query = await prepareTraceQuery(context, { body, hints: [] }, around, fieldsOfMetrics(metrics));
  if (metrics.fn === 'compare') {
    const { selection } = metrics;
    const judgeSelection = async () => {
      const selected: PipelineQuery = { ...body, stages: [...body.stages, selection] };
      const spans = await prepareTraceQuery(context, { body: selected, hints: [] }, around);
      return matchingRows(context, spans, grid, segments);
    };
    return compareSeries(context, query, metrics, grid, segments, judgeSelection);
  }
  const cells = new Cells(MAX_GROUPS);
  if (query.matches !== undefined && isSqlMetrics(metrics)) {
    const { sql } = query;
    for (const segment of segments) {
      const rows = await plainRows(context, query, segment, grid);
      if (rows === undefined) continue;
      const maxGroups = MAX_GROUPS;
      const scope = { sql, segment, around, rows, metrics, grid, maxGroups, exemplars: work.exemplars > 0 };
      await aggregateSegment(scope, cells);
    }
  } else {
    const range = traceRange(grid, segments);
    await eachMatchingSpan(context, query, range, grid, (span, time) => addSpan(metrics, cells, span, time));
  }
  if (cells.isCut) work.isCut = true;
  return seriesOf(metrics, cells, grid);
}

/** Which spans there are does not depend on how they are grouped or shown, as long as nothing is counted per group. */
function spanStages(stages: readonly Stage[]): readonly Stage[] {
  if (stages.some(stage => stage.type === 'aggregate')) return stages;
  const kept = stages.filter(({ type }) => type !== 'by' && type !== 'select' && type !== 'coalesce');
  return kept.length > 0 ? kept : [{ type: 'filter', expr: undefined, from: 0, to: 0 }];
}

function fieldsOfMetrics(metrics: NonNullable<PipelineQuery['metrics']>): readonly Field[] {
  return 'field' in metrics ? [...metrics.by, metrics.field] : metrics.by;
}

/** Traces count wherever they lie; only the start of a span decides. */
function traceRange(grid: TimeGrid, segments: ReturnType<QueryContext['segments']>) {
  const spanCount = segments.reduce((sum, s) => sum + s.spanCount, 0);
  return { startNs: -1n, endNs: 2n ** 63n, fromNs: grid.lowNs, toNs: grid.highNs + 1n, segments, spanCount };
}

function exemplarsOf(query: Query, args: MetricsArgs): number {
  const hint = query.hints.findLast(({ name }) => name === 'exemplars')?.value;
  if (hint?.type === 'bool') return hint.value ? args.exemplars : 0;
  return hint?.type === 'int' ? Math.max(0, Math.min(Number(hint.value), args.exemplars)) : args.exemplars;
}
