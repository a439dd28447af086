import type { Difference, DifferenceBaseline } from '#domain/api/latency-api.ts';
import { compareField, pairCandidates } from '#domain/difference/compare-fields.ts';
import { comparePairs } from '#domain/difference/compare-pairs.ts';
import { rankDifferences } from '#domain/difference/rank-differences.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { countCarried, membersOf, type UnitSpans } from './carried-values.ts';
import { type BoxArgs, durationCondition, withinBox } from './cell-traces.ts';
import { type ComparedUnits, comparedUnits } from './compared-units.ts';
import { type LatencyUnits, latencyUnits } from './units.ts';

export interface DifferenceArgs extends BoxArgs {
  readonly baseline: DifferenceBaseline;
}

const HOUR_NS = 3_600_000_000_000n;
const EARLIER_NS = { '1h': HOUR_NS, '1d': 24n * HOUR_NS, '1w': 168n * HOUR_NS };

/** What sets a box apart from the rest of the same query, or from the same box earlier. */
export async function difference(context: QueryContext, args: DifferenceArgs): Promise<Answer<Difference>> {
  return answering(async () => {
    const { of, box, baseline } = args;
    const inside = withinBox(args);
    const durations = durationCondition(box);
    const units = await latencyUnits(context, inside);
    const selection = await comparedUnits(units, of, durations);
    const { rest, restUnits } = await compareWith(context, args, inside, durations);
    const spans = joinUnits(selection, rest, [units, restUnits]);
    const groups = { selection: sizeOf(selection), rest: sizeOf(rest) };
    const counted = spans.rowIds.length === 0 ? [] : await countCarried(context, spans);
    const fields = counted.map(field => compareField(groups, field));
    const candidates = pairCandidates(groups, fields);
    const parts = candidates.map(({ part }) => part);
    const members = parts.length < 2 ? [] : await membersOf(context, spans, counted, parts);
    const pairs = members.length === 0 ? [] : comparePairs(groups, candidates, members);
    const estimated = units.estimated || restUnits.estimated;
    return {
      ...rankDifferences(groups, fields, pairs),
      of,
      baseline,
      ...groups,
      covers: coversOf(args, groups, estimated),
      estimated,
      observed: selection.observed + rest.observed,
    };
  });
}

async function compareWith(
  context: QueryContext,
  args: DifferenceArgs,
  inside: { readonly startNs: bigint; readonly endNs: bigint },
  durations: string,
): Promise<{ rest: ComparedUnits; restUnits: LatencyUnits }> {
  const { of, baseline, q } = args;
  if (baseline === 'rest') {
    const restUnits = await latencyUnits(context, args);
    const outside = `not (${durations} and start_ns >= ${inside.startNs} and start_ns < ${inside.endNs})`;
    return { restUnits, rest: await comparedUnits(restUnits, of, outside) };
  }
  const earlier = EARLIER_NS[baseline];
  const [startNs, endNs] = [inside.startNs - earlier, inside.endNs - earlier];
  const restUnits = await latencyUnits(context, { q, of, startNs, endNs });
  return { restUnits, rest: await comparedUnits(restUnits, of, durations) };
}

function joinUnits(selection: ComparedUnits, rest: ComparedUnits, of: readonly LatencyUnits[]): UnitSpans {
  const segments = new Map(of.flatMap(units => units.around.map(segment => [segment.id, segment] as const)));
  return {
    rowIds: [...selection.rowIds, ...rest.rowIds],
    units: [...selection.units, ...rest.units.map(unit => unit + selection.compared)],
    selectionUnits: selection.compared,
    segments: [...segments.values()],
  };
}

function sizeOf({ count, compared }: ComparedUnits) {
  return { count, compared };
}

function coversOf(
  { of, baseline }: DifferenceArgs,
  { selection, rest }: { readonly selection: { compared: number }; readonly rest: { compared: number } },
  estimated: boolean,
): string {
  const what = of === 'spans' ? 'One matching span of each trace' : 'All matching spans of each trace';
  const against = baseline === 'rest' ? 'of the rest of the query' : `of the same box ${WORDS[baseline]} earlier`;
  const text = `${what}: ${selection.compared} traces of the selection against ${rest.compared} ${against}`;
  return estimated ? `${text}; sampled spans count as one` : text;
}

const WORDS = { '1h': 'an hour', '1d': 'a day', '1w': 'a week' };
