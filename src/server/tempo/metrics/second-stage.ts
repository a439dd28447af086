import type { MathOp, MathOperand, OrderOp, QueryBody, SecondStage } from '#domain/traceql/ast.ts';
import { fold, mathChildren } from '#domain/traceql/fold.ts';
import { compareValues, type Value, valueOfStatic } from '#domain/traceql/run/value.ts';
import { newSeries, type Series } from './series.ts';

/** Combines the series of the pipelines of a query as its arithmetic and its second stages say. */
export function combineSeries(
  body: QueryBody,
  ofPipeline: (pipeline: Extract<QueryBody, { type: 'pipeline' }>) => readonly Series[],
): readonly Series[] {
  const result = fold<MathOperand, readonly Series[] | number>(body, mathChildren, (node, operands) => {
    if (node.type === 'number') return Number(numberOf(valueOfStatic(node.value)));
    if (node.type === 'pipeline') return applySecond(ofPipeline(node), node.second);
    return applySecond(calculateSeries(node.op, operands[0], operands[1]), node.second);
  });
  return typeof result === 'number' ? [] : result;
}

function numberOf(value: Value): number {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
}

function applySecond(series: readonly Series[], stages: readonly SecondStage[]): readonly Series[] {
  return stages.reduce<readonly Series[]>(
    (current, stage) =>
      stage.type === 'compare'
        ? filterPoints(current, stage.op, valueOfStatic(stage.value))
        : ranked(current, stage.type, stage.n),
    series,
  );
}

function filterPoints(series: readonly Series[], op: OrderOp, limit: Value): readonly Series[] {
  return withoutEmpty(
    series.map(one => ({
      ...one,
      points: one.points.map(point => (compareValues(op, point, limit) ? point : Number.NaN)),
    })),
  );
}

/** The n largest (smallest) of each moment. Of equal ones the first by name stays in topk, the last in bottomk. */
function ranked(series: readonly Series[], type: 'topk' | 'bottomk', n: number): readonly Series[] {
  const sign = type === 'topk' ? -1 : 1;
  const kept = series.map(one => new Float64Array(one.points.length).fill(Number.NaN));
  const order = series.map((_, i) => i).sort((a, b) => sign * (series[a].name < series[b].name ? 1 : -1));
  for (let time = 0; time < (series[0]?.points.length ?? 0); time++) {
    const present = order.filter(i => !Number.isNaN(series[i].points[time]));
    present.sort((a, b) => sign * (series[a].points[time] - series[b].points[time]));
    for (const i of present.slice(0, n)) kept[i][time] = series[i].points[time];
  }
  return withoutEmpty(series.map((one, i) => ({ ...one, points: kept[i] })));
}

/** Series without a point, and exemplars without their point, go. */
function withoutEmpty(series: readonly Series[]): readonly Series[] {
  return series.flatMap(one => {
    if (one.points.every(point => Number.isNaN(point))) return [];
    return [{ ...one, exemplars: one.exemplars.filter(e => !Number.isNaN(one.points[e.time])) }];
  });
}

/** Series meet by their labels; those without a partner go, and so do points that are no number (0 / 0). */
function calculateSeries(
  op: MathOp,
  left: readonly Series[] | number,
  right: readonly Series[] | number,
): readonly Series[] {
  if (typeof left === 'number') return [];
  if (typeof right === 'number') {
    return withoutEmpty(left.map(one => ({ ...one, points: one.points.map(p => calculate(op, p, right)) })));
  }
  const partners = new Map(right.map(one => [joinKey(one), one]));
  return withoutEmpty(
    left.flatMap(one => {
      const partner = partners.get(joinKey(one));
      if (partner === undefined) return [];
      const labels = one.labels.map(label =>
        label.key === '__name__' ? { key: label.key, value: `(${nameOf(one)} ${op} ${nameOf(partner)})` } : label,
      );
      const points = one.points.map((p, i) => calculate(op, p, partner.points[i]));
      return [newSeries(labels, points, one.exemplars)];
    }),
  );
}

function joinKey(series: Series): string {
  return series.labels.some(label => label.key === '__name__') ? '' : series.name;
}

function nameOf(series: Series): string {
  const name = series.labels.find(label => label.key === '__name__')?.value;
  return typeof name === 'string' ? name : series.name;
}

function calculate(op: MathOp, left: number, right: number): number {
  const value = { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[op];
  return Number.isFinite(value) ? value : Number.NaN;
}
