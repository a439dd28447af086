import type { EdgeChange, EdgeName, GraphBaseline, GraphWindow, ServiceGraphAnswer } from '#domain/api/graph-api.ts';
import { changedEdges, edgeKey } from '#domain/graph/changes.ts';
import { firstBadColumn } from '#domain/graph/first-bad.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { countedRange, type RangeArgs } from './counted-range.ts';
import { COLUMNS, edgeSeries } from './edge-series.ts';
import { countServiceGraph } from './service-graph.ts';

export interface ServiceGraphArgs extends RangeArgs {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly compare: GraphBaseline | undefined;
  /** A resource attribute by whose values services are grouped; '' for none. */
  readonly groupBy: string;
}

/** Since when is told of so many edges. */
const MAX_DATED = 20;

/** What calls what in a range and, if asked, what changed against another of the same length. */
export async function serviceGraph(context: QueryContext, args: ServiceGraphArgs): Promise<Answer<ServiceGraphAnswer>> {
  return answering(async () => {
    const graph = await countServiceGraph(context, args, args.groupBy);
    const now = { ...windowOf(args), graph };
    if (args.compare === undefined) return now;
    const earlier = baselineOf(args, args.compare);
    const before = await countServiceGraph(context, earlier, args.groupBy);
    const isWhole = isStoredWhole(context, earlier);
    // Of a time that is not stored in full it is not known how many calls there were.
    const changes = changedEdges(graph, before, Number(args.endNs - args.startNs) / 1e9).filter(
      ({ what }) => isWhole || what === 'errors' || what === 'p95',
    );
    return {
      ...now,
      before: { ...windowOf(earlier), graph: before, isWhole },
      changes: await withFirstBad(context, args, earlier, changes),
    };
  });
}

/** Whether what is stored reaches back to the start of a window, up to a twentieth of it. */
function isStoredWhole(context: QueryContext, { startNs, endNs }: ServiceGraphArgs): boolean {
  return context.segments(0n, startNs + (endNs - startNs) / 20n).length > 0;
}

/** The window that a window is compared with. */
export function baselineOf<T extends { readonly startNs: bigint; readonly endNs: bigint }>(
  args: T,
  compare: GraphBaseline,
): T {
  const day = 86_400_000_000_000n;
  const back = compare === 'previous' ? args.endNs - args.startNs : compare === 'day' ? day : 7n * day;
  return { ...args, startNs: args.startNs - back, endNs: args.endNs - back };
}

export function windowOf({ startNs, endNs }: { readonly startNs: bigint; readonly endNs: bigint }): GraphWindow {
  return { startUnixNano: String(startNs), endUnixNano: String(endNs) };
}

async function withFirstBad(
  context: QueryContext,
  now: ServiceGraphArgs,
  before: ServiceGraphArgs,
  changes: readonly EdgeChange[],
): Promise<readonly EdgeChange[]> {
  const dated = changes.filter(({ worse }) => worse).slice(0, MAX_DATED);
  if (dated.length === 0) return changes;
  const edges: readonly EdgeName[] = dated.map(({ edge }) => edge);
  const [series, usual] = [await seriesIn(context, now, edges), await seriesIn(context, before, edges)];
  return changes.map(change => {
    const [after, until] = [series.get(edgeKey(change.edge)), usual.get(edgeKey(change.edge))];
    if (!dated.includes(change) || after === undefined || until === undefined) return change;
    const figure = ({ calls, errors, p95Ns }: typeof after) =>
      calls.map((n, i) => ({ calls: n, value: change.what === 'errors' ? errors[i] / Math.max(1, n) : p95Ns[i] }));
    const column = firstBadColumn(figure(after), figure(until));
    if (column === undefined) return change;
    const stepNs = (now.endNs - now.startNs) / BigInt(COLUMNS);
    return { ...change, firstBadUnixNano: String(now.startNs + BigInt(column) * stepNs) };
  });
}

async function seriesIn(context: QueryContext, args: ServiceGraphArgs, edges: readonly EdgeName[]) {
  const counted = await countedRange(context, args);
  return counted === undefined ? new Map<string, never>() : edgeSeries(counted, args, edges);
}
