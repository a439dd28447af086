import type { LatencyUnit } from '#domain/api/latency-api.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import type { SpansetFilter, Stage } from '#domain/traceql/ast.ts';
import { printDuration } from '#domain/traceql/literals.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printQuery } from '#domain/traceql/print.ts';
import type { LatencyBox } from '#state/url/url-state.ts';
import { withCondition } from './with-condition.ts';

const PLACE = { from: 0, to: 0 };

/**
 * A query for what lies in a box by duration: matching spans that lasted so long, or traces whose root did. Time is left to
 * the range that is asked. A query that takes no further condition comes back as it is.
 */
export function queryOfBox(query: string, box: LatencyBox, of: LatencyUnit): string {
  const bounds: string[] = [];
  if (box.minNs !== undefined) bounds.push(`duration >= ${printDuration(BigInt(box.minNs))}`);
  if (box.maxNs !== undefined) bounds.push(`duration < ${printDuration(BigInt(box.maxNs))}`);
  if (bounds.length === 0) return query;
  if (of === 'spans') return withCondition(query, bounds.join(' && ')) ?? query;
  return withRoot(query, ['nestedSetParent < 0', ...bounds].join(' && ')) ?? query;
}

/** `A && { root }`: the trace matches, and its root fulfils the condition. */
function withRoot(query: string, condition: string): string | undefined {
  const parsed = parseQuery(query);
  const root = parseQuery(`{ ${condition} }`);
  if (!parsed.ok || !root.ok || parsed.value.body.type !== 'pipeline' || root.value.body.type !== 'pipeline') {
    return undefined;
  }
  const { body, hints } = parsed.value;
  const rootFilter = root.value.body.stages[0] as SpansetFilter;
  const [only] = body.stages;
  if (body.stages.length === 1 && only?.type === 'filter' && only.expr === undefined) return printQuery(root.value);
  const whole: Stage =
    body.stages.length === 1 && only?.type === 'filter' ? only : { type: 'pipeline', stages: body.stages, ...PLACE };
  const both: Stage = { type: 'combination', op: '&&', operands: [whole, rootFilter], ...PLACE };
  return printQuery({ body: { ...body, stages: [both] }, hints });
}

/** Whether a trace of the list lies in the box by time: sources are asked for whole seconds and for what overlaps them. */
export function isInBox(trace: TraceSummary, box: LatencyBox, of: LatencyUnit): boolean {
  if (of === 'spans') return true;
  const { fromUnixNano, toUnixNano } = box;
  return (
    (fromUnixNano === undefined || trace.startUnixNano >= fromUnixNano) &&
    (toUnixNano === undefined || trace.startUnixNano < toUnixNano)
  );
}
