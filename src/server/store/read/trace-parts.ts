import type { TraceId } from '#domain/ids.ts';
import { Arena } from '#server/store/append/arena.ts';
import { unpackBlock } from '#server/store/block-codec.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { type AssembledTrace, type Owner, resourceSpansAround, resourceSpansSize } from './assemble-trace.ts';
import { rowsById } from './rows-by-id.ts';
import { fragmentPlaces, idParameter, ownersOf, type Place, readWhole, type SegmentPlaces } from './trace-query.ts';

/**
 * What is read, unpacked and sent at once: little at first, so that the reader can begin, then large beside the cost of a
 * statement. A trace that is smaller than the first part is put together whole.
 */
const FIRST_PART_BYTES = 1024 * 1024;
const MOST_PART_BYTES = 8 * FIRST_PART_BYTES;
/** Stretches of a block from here on are worth a write of their own. What lies in Node's pool cannot be handed over. */
const LONG_BYTES = Math.max(65_536, Buffer.poolSize);

/** A trace too large to be held in memory for every reader: its length is known, its parts are made one by one. */
export interface TracePlan {
  /** Length of all parts together. */
  readonly totalBytes: number;
  readonly parts: readonly TracePart[];
}

export interface TracePart {
  readonly segment: number;
  readonly runs: readonly Run[];
}

/** Fragments of one resource that follow each other: they become one ResourceSpans. */
interface Run {
  readonly owner: Owner;
  readonly places: readonly Place[];
}

/**
 * A trace, or how to read it in parts where it is large. One that holds spans twice is read whole, which leaves copies
 * out. Undefined if there are no spans.
 */
export async function traceOrPlan(
  context: QueryContext,
  traceId: TraceId,
): Promise<AssembledTrace | TracePlan | undefined> {
  const found = await fragmentPlaces(context, traceId);
  const bodies = found.reduce((sum, { places }) => sum + bodyBytes(places), 0);
  return bodies < FIRST_PART_BYTES || (await hasRepeatedIds(context, traceId, found))
    ? await readWhole(context, found)
    : await planTrace(context, found);
}

async function planTrace(context: QueryContext, found: readonly SegmentPlaces[]): Promise<TracePlan> {
  const parts: TracePart[] = [];
  let totalBytes = 0;
  for (const { segment, places } of found) {
    const owners = await ownersOf(context, segment, places);
    for (const runs of runsOf(places, owners)) {
      parts.push({ segment, runs });
      for (const { owner, places } of runs) totalBytes += resourceSpansSize(owner, bodyBytes(places));
    }
  }
  return { totalBytes, parts };
}

/** One part of a plan: whole ResourceSpans fields of TracesData, in pieces to be sent one after the other. */
export async function readPart(
  context: QueryContext,
  { segment, runs }: TracePart,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const ids = runs.flatMap(({ places }) => places.map(({ block }) => block));
  const blocks = new Map<number, Uint8Array>();
  for (const [id, { body }] of await rowsById(context, 'body', segmentTable('blocks', segment), ids)) {
    blocks.set(id, unpackBlock(body as Uint8Array));
  }
  const pieces = new Pieces();
  for (const { owner, places } of runs) {
    const { head, tail } = resourceSpansAround(owner, bodyBytes(places));
    pieces.add(head);
    for (const { block, from, length } of places) {
      const bytes = blocks.get(block);
      if (bytes === undefined) throw new Error(`block ${block} of segment ${segment} is gone`);
      pieces.add(bytes.subarray(from, from + length));
    }
    pieces.add(tail);
  }
  return pieces.finish();
}

/** Bytes to be sent one after the other: short stretches are gathered, long ones stay where they were unpacked. */
class Pieces {
  readonly #done: Uint8Array<ArrayBuffer>[] = [];
  #gathered = new Arena(LONG_BYTES);

  add(bytes: Uint8Array): void {
    if (bytes.length < LONG_BYTES) {
      this.#gathered.push(bytes, 0, bytes.length);
      return;
    }
    this.#endGathered();
    this.#done.push(bytes as Uint8Array<ArrayBuffer>);
  }

  finish(): readonly Uint8Array<ArrayBuffer>[] {
    this.#endGathered();
    return this.#done;
  }

  #endGathered(): void {
    if (this.#gathered.length === 0) return;
    this.#done.push(this.#gathered.bytes.slice(0, this.#gathered.length) as Uint8Array<ArrayBuffer>);
    this.#gathered.length = 0;
  }
}

/** Spans that were sent twice have the same id; then their bytes have to be compared. */
async function hasRepeatedIds(
  context: QueryContext,
  traceId: TraceId,
  found: readonly SegmentPlaces[],
): Promise<boolean> {
  const ids = found.map(
    ({ segment }) => `select span_id from ${segmentTable('spans', segment)} where trace_id = $id::uhugeint`,
  );
  const sql = `select count(*) - count(distinct span_id) as repeated from (${ids.join(' union all ')})`;
  const [row] = await context.rows(sql, idParameter(traceId));
  return Number(row.repeated) > 0;
}

function* runsOf(places: readonly Place[], owners: ReadonlyMap<number, Owner>): Generator<Run[]> {
  let runs: { owner: Owner; places: Place[] }[] = [];
  let resource: number | undefined;
  let bytes = 0;
  let most = FIRST_PART_BYTES;
  for (const place of places) {
    const owner = owners.get(place.resource);
    if (owner === undefined) continue;
    if (bytes > 0 && bytes + place.length > most) {
      yield runs;
      most = Math.min(2 * most, MOST_PART_BYTES);
      runs = [];
      resource = undefined;
      bytes = 0;
    }
    if (resource !== place.resource) runs.push({ owner, places: [] });
    runs.at(-1)?.places.push(place);
    resource = place.resource;
    bytes += place.length;
  }
  if (runs.length > 0) yield runs;
}

function bodyBytes(places: readonly Place[]): number {
  return places.reduce((sum, { length }) => sum + length, 0);
}
