import { StatusCode } from '#domain/trace/trace-table.ts';
import type { Query } from '#domain/traceql/ast.ts';
import type { SpansetResult } from '#domain/traceql/run/pipeline.ts';
import { QueryRefused } from '#domain/traceql/run/refusal.ts';
import type { TraceData } from '#domain/traceql/run/trace-data.ts';
import { traceqlErrorText } from '#domain/traceql/traceql-error.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { TooManySpans } from '#server/traceql/load-traces.ts';
import { prepareTraceQuery, type TraceQuery } from '#server/traceql/trace-query.ts';
import { type Candidate, type CandidateRange, findCandidates } from './candidates.ts';
import { describeLargeTrace, tooLarge } from './large-trace.ts';
import { loadReplySpans } from './reply-spans.ts';
import type { Answer, FoundTrace, SearchAnswer, SearchArgs } from './search-types.ts';

/** A trace is looked for this far around the spans that were found of it; longer ones are looked for everywhere. */
const SPREAD_NS = 3_600_000_000_000n;

/** Newest traces (by their start) that match; numbers are those of whole traces. */
export async function search(context: QueryContext, args: SearchArgs): Promise<Answer<SearchAnswer>> {
  return answering(async () => {
    const range = searchRange(context, args);
    const query = await prepareTraceQuery(context, parse(args.q), range.segments);
    return { traces: await newest(context, query, range, args), inspectedSpans: range.spanCount };
  });
}

/** Turns a refusal into a value: only bugs and stopped queries reject. */
export async function answering<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (cause) {
    if (cause instanceof QueryRefused) return { ok: false, message: cause.message };
    throw cause;
  }
}

export function parse(q: string): Query {
  const read = readQuery(q);
  if (!read.ok) throw new QueryRefused(traceqlErrorText(read.error));
  return read.value;
}

/** The segments to look at and the times between which matching spans may start. */
export function searchRange(context: QueryContext, args: Pick<SearchArgs, 'startNs' | 'endNs'>): CandidateRange {
  const startNs = args.startNs ?? 0n;
  const endNs = args.endNs ?? MAX_NS;
  // A matching span may lie outside the range while its trace overlaps it.
  const fromNs = startNs > MARGIN_NS ? startNs - MARGIN_NS : 0n;
  const segments = context.segments(fromNs, endNs + MARGIN_NS);
  const spanCount = segments.reduce((sum, s) => sum + s.spanCount, 0);
  return { startNs, endNs, fromNs, toNs: endNs + MARGIN_NS, segments, spanCount };
}

const MARGIN_NS = 60_000_000_000n;
const MAX_NS = 2n ** 63n - 1n - MARGIN_NS;

interface Match {
  readonly trace: TraceData;
  readonly spansets: readonly SpansetResult[];
}

const MAX_BATCH = 512;
const MAX_HELD_SPANS = 20_000;

/**
 * Takes candidates from the newest on until no later one can be newer than what was found: a trace never starts later than
 * the span by which it is found.
 */
async function newest(
  context: QueryContext,
  query: TraceQuery,
  range: CandidateRange,
  { limit, spansPerSpanset }: Pick<SearchArgs, 'limit' | 'spansPerSpanset'>,
): Promise<readonly FoundTrace[]> {
  let found: Found[] = [];
  let whole = 0;
  const waiting: Candidate[] = [];
  // Of what SQL only narrows fewer match, and a batch costs a scan however small it is.
  let batches = query.matches === undefined ? 2 : 0;
  /** Some more than are missing, as starts differ from where traces are found; then more and more. */
  const batchSize = () =>
    Math.min(MAX_BATCH, (Math.ceil((limit - Math.min(found.length, limit)) * 1.5) + 8) << batches);
  const isDone = (nextNs: bigint) => found.length >= limit && found[limit - 1].startNs >= nextNs;
  /** What SQL answers alone matches nearly always: the missing ones are judged before older slices are read. */
  const isEnough = () => waiting.length >= (query.matches === undefined ? batchSize() : limit - found.length);
  const judgeBatch = async (): Promise<void> => {
    for await (const matches of judgeAll(context, query, waiting.splice(0, batchSize()), range, spansPerSpanset)) {
      await add(matches);
    }
    if (batches < 6) batches++;
  };
  const add = async (matches: readonly (Match | FoundTrace)[]): Promise<void> => {
    for (const match of matches) {
      if (!('trace' in match)) found.push(match);
      else {
        found.push({ traceId: match.trace.traceId, startNs: match.trace.startNs, match });
        whole += match.trace.spans.length;
      }
    }
    found.sort(byNewest);
    found.length = Math.min(found.length, limit);
    // Whole traces are not held in the thousands: of a long list only what is shown is kept.
    if (whole > MAX_HELD_SPANS) {
      found = checkSize(await describe(query, found, spansPerSpanset));
      whole = 0;
    }
  };
  for await (const { candidates, restNs } of findCandidates(query, range, batchSize())) {
    for (const candidate of candidates) waiting.push(candidate);
    while (waiting.length > 0 && isEnough() && !isDone(waiting[0].foundNs)) await judgeBatch();
    if (isDone(waiting[0]?.foundNs ?? restNs)) break;
  }
  while (waiting.length > 0 && !isDone(waiting[0].foundNs)) await judgeBatch();
  return describe(query, found, spansPerSpanset);
}

/** Tempo stops at 16 MiB of its own encoding, which are about as many. */
const MAX_SHOWN_SPANS = 200_000;

function checkSize(found: FoundTrace[]): FoundTrace[] {
  let shown = 0;
  for (const { spansets } of found) for (const { spans } of spansets) shown += spans.length;
  if (shown <= MAX_SHOWN_SPANS) return found;
  throw new QueryRefused(`the answer would hold more than ${MAX_SHOWN_SPANS} spans: lower limit or spss`);
}

/** A match, loaded whole, or already cut down to what the reply shows. */
type Found = FoundTrace | { readonly traceId: bigint; readonly startNs: bigint; readonly match: Match };

function byNewest(a: Found, b: Found): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? 1 : -1;
  return a.traceId < b.traceId ? 1 : -1;
}

/**
 * Judges candidates in batches whose traces are small enough to be held at once. A trace that is too large by itself is
 * described instead where SQL answers the query alone (and `spansPerSpanset` is given); otherwise the query is refused.
 */
async function* judgeAll(
  context: QueryContext,
  query: TraceQuery,
  candidates: readonly Candidate[],
  range: Pick<CandidateRange, 'startNs' | 'endNs'>,
  spansPerSpanset?: number,
): AsyncGenerator<readonly (Match | FoundTrace)[]> {
  let size = MAX_BATCH;
  for (let from = 0; from < candidates.length; ) {
    const batch = candidates.slice(from, from + size);
    const matches = await judgeUnlessLarge(context, query, batch, range);
    if (matches === undefined && batch.length > 1) {
      size = Math.ceil(batch.length / 2);
      continue;
    }
    if (matches !== undefined) yield matches;
    else {
      const [{ traceId }] = batch;
      if (query.matches === undefined || spansPerSpanset === undefined) throw tooLarge(traceId);
      const large = await describeLargeTrace(context, query, query.matches, traceId, range, spansPerSpanset);
      if (large !== undefined) yield [large];
    }
    from += batch.length;
    size = Math.min(size * 2, MAX_BATCH);
  }
}

/** The matches of `judgeAll` where no trace can be described instead. */
export async function* judgeWhole(
  context: QueryContext,
  query: TraceQuery,
  candidates: readonly Candidate[],
  range: Pick<CandidateRange, 'startNs' | 'endNs'>,
): AsyncGenerator<Match> {
  for await (const matches of judgeAll(context, query, candidates, range)) {
    for (const match of matches) if ('trace' in match) yield match;
  }
}

async function judgeUnlessLarge(
  context: QueryContext,
  query: TraceQuery,
  batch: readonly Candidate[],
  range: Pick<CandidateRange, 'startNs' | 'endNs'>,
): Promise<readonly Match[] | undefined> {
  try {
    return await judge(context, query, batch, range);
  } catch (cause) {
    if (cause instanceof TooManySpans) return undefined;
    throw cause;
  }
}

/** Loads candidates whole and keeps those that match and overlap the range. Rejects with `TooManySpans`. */
async function judge(
  context: QueryContext,
  query: TraceQuery,
  batch: readonly Candidate[],
  range: Pick<CandidateRange, 'startNs' | 'endNs'>,
): Promise<readonly Match[]> {
  let [from, to] = [batch[0].foundNs, batch[0].foundNs];
  for (const { foundNs } of batch) {
    if (foundNs < from) from = foundNs;
    if (foundNs > to) to = foundNs;
  }
  const near = segmentsOf(context, query, from - SPREAD_NS, to + SPREAD_NS);
  const traces = new Map(
    await query.load(
      batch.map(c => c.traceId),
      near,
    ),
  );
  // A long trace may reach further than was looked at.
  const long =
    near.length < query.segments.length ? [...traces.values()].filter(t => t.durationNs > SPREAD_NS / 2n) : [];
  for (const [id, trace] of await query.load(long.map(t => t.traceId))) traces.set(id, trace);
  const inRange = [...traces.values()].filter(t => t.startNs <= range.endNs && t.endNs >= range.startNs);
  return [...(await query.judge(inRange))].flatMap(([trace, spansets]) =>
    spansets.length === 0 ? [] : [{ trace, spansets }],
  );
}

function segmentsOf(context: QueryContext, query: TraceQuery, fromNs: bigint, toNs: bigint): TraceQuery['segments'] {
  const near = new Set(context.segments(fromNs, toNs).map(s => s.id));
  return query.segments.filter(s => near.has(s.id));
}

async function describe(query: TraceQuery, found: readonly Found[], spansPerSpanset: number): Promise<FoundTrace[]> {
  const shown = found.flatMap(f =>
    'match' in f ? f.match.spansets.flatMap(s => s.spans.slice(0, spansPerSpanset)) : [],
  );
  const attributes = await loadReplySpans(query, shown, query.fields);
  // As Tempo: names are told where the query asks for them.
  const namesWanted = query.fields.some(f => f.type === 'intrinsic' && f.name === 'name');
  return found.map(f => {
    if (!('match' in f)) return f;
    const { trace, spansets } = f.match;
    return {
      traceId: trace.traceId,
      rootServiceName: trace.root?.columns.service ?? '',
      rootName: trace.root?.columns.name ?? '',
      startNs: trace.startNs,
      durationNs: trace.durationNs,
      services: servicesOf(trace),
      spansets: spansets.map(({ spans, attributes: ofSpanset }) => ({
        matched: spans.length,
        attributes: ofSpanset,
        spans: spans.slice(0, spansPerSpanset).map(span => ({
          spanId: span.columns.spanId,
          startNs: span.columns.startNs,
          durationNs: span.columns.durationNs,
          name: namesWanted ? span.columns.name : undefined,
          attributes: attributes.get(span) ?? [],
        })),
      })),
    };
  });
}

function servicesOf(trace: TraceData): FoundTrace['services'] {
  const services = new Map<string, { spanCount: number; errorCount: number }>();
  for (const { columns } of trace.spans) {
    const known = services.get(columns.service) ?? { spanCount: 0, errorCount: 0 };
    services.set(columns.service, known);
    known.spanCount++;
    if (columns.status === StatusCode.error) known.errorCount++;
  }
  return [...services].map(([name, counts]) => ({ name, ...counts }));
}
