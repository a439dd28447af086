import type { SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import type { TraceQuery } from '#server/traceql/trace-query.ts';

export interface CandidateRange {
  /** Unix ns, inclusive: traces must overlap it. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Matching spans start within [fromNs, toNs), or before and reach into it. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly segments: readonly SegmentRef[];
  readonly spanCount: number;
}

export interface Candidate {
  readonly traceId: bigint;
  /** Start of the earliest matching span that was seen: the trace does not start later. */
  readonly foundNs: bigint;
}

export interface CandidateList {
  /** By falling `foundNs`. */
  readonly candidates: readonly Candidate[];
  /** What comes later was found no later than this. */
  readonly restNs: bigint;
}

/** Spans that the first, newest slice of time should hold; each next slice is four times as long. */
const FIRST_SLICE_SPANS = 150_000;
const SLICE_GROWTH = 4n;

/**
 * Traces that may match, by falling `foundNs`, in lists: every trace once, and none of a later list was found later than
 * the last of an earlier one. Reads slices of time from the newest backwards, so that a search which is satisfied early
 * reads little.
 */
export async function* findCandidates(
  query: TraceQuery,
  range: CandidateRange,
  wanted: number,
): AsyncGenerator<CandidateList> {
  if (range.segments.length === 0) return;
  const seen = new Set<bigint>();
  for (const slice of slices(range)) {
    let toNs = slice.toNs;
    let limit = wanted * 4;
    while (toNs > slice.fromNs) {
      const { found, completeNs } = await readSlice(query, range, { ...slice, toNs }, limit);
      const fresh = found.filter(c => c.foundNs >= completeNs && !seen.has(c.traceId));
      for (const { traceId } of fresh) seen.add(traceId);
      if (fresh.length > 0) yield { candidates: fresh, restNs: completeNs };
      if (completeNs <= slice.fromNs) break;
      // The rest of the slice; spans that start at the same time come again, with a larger limit if they are all there is.
      if (completeNs + 1n >= toNs) limit *= 4;
      toNs = completeNs + 1n;
    }
  }
}

interface Slice {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Spans that started before the range and reach into it. */
  readonly running: boolean;
}

function slices(range: CandidateRange): readonly Slice[] {
  const earliest = range.segments.reduce((min, s) => (s.minStartNs < min ? s.minStartNs : min), range.toNs);
  const latest = range.segments.reduce((max, s) => (s.maxEndNs > max ? s.maxEndNs : max), 0n);
  const bottom = range.fromNs > earliest ? range.fromNs : earliest;
  const top = range.toNs < latest + 1n ? range.toNs : latest + 1n;
  const list: Slice[] = [];
  let width = top - bottom;
  if (range.spanCount > FIRST_SLICE_SPANS) width = (width * BigInt(FIRST_SLICE_SPANS)) / BigInt(range.spanCount) + 1n;
  for (let toNs = top; toNs > bottom; width *= SLICE_GROWTH) {
    const fromNs = toNs - width > bottom ? toNs - width : bottom;
    list.push({ fromNs, toNs, running: false });
    toNs = fromNs;
  }
  // Below lie spans that run into the range, and those that came without a time where any time is asked for.
  list.push({ fromNs: -1n, toNs: bottom, running: true });
  return list;
}

async function readSlice(
  query: TraceQuery,
  range: CandidateRange,
  slice: Slice,
  limit: number,
): Promise<{ readonly found: readonly Candidate[]; readonly completeNs: bigint }> {
  const earliest = new Map<bigint, bigint>();
  let completeNs = slice.fromNs;
  for (const segment of range.segments) {
    const predicate = query.candidates.get(segment.id);
    if (predicate === undefined || predicate.constant === false) continue;
    // Bounds of a segment leave out spans without a time, which only the lowest slice asks for.
    if (!slice.running && (segment.minStartNs >= slice.toNs || segment.maxEndNs < slice.fromNs)) continue;
    const between = `start_ns >= ${slice.fromNs} and start_ns < ${slice.toNs}`;
    const time = slice.running ? `${between} and start_ns + duration_ns >= ${range.fromNs}` : between;
    const columns = await query.sql.columns(
      `select trace_id, min(start_ns) as found_ns from ${segmentTable('spans', segment.id)} s
       where ${time} and ${predicate.text({ rows: ` where ${time}`, traces: '' })} group by trace_id order by found_ns desc limit ${limit}`,
    );
    const ids = (columns.trace_id ?? []) as bigint[];
    ids.forEach((traceId, i) => {
      const foundNs = columns.found_ns[i] as bigint;
      const known = earliest.get(traceId);
      if (known === undefined || foundNs < known) earliest.set(traceId, foundNs);
    });
    // Cut off: what lies below the last one is not complete.
    const last = columns.found_ns?.at(-1) as bigint | undefined;
    if (ids.length === limit && last !== undefined && last > completeNs) completeNs = last;
  }
  const found = [...earliest].map(([traceId, foundNs]) => ({ traceId, foundNs }));
  found.sort((a, b) => (a.foundNs < b.foundNs ? 1 : a.foundNs > b.foundNs ? -1 : 0));
  return { found, completeNs };
}
