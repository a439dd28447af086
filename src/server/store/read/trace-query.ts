import type { TraceId } from '#domain/ids.ts';
import type { QueryContext, SegmentRef, SqlRow } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { type AssembledTrace, assembleTrace, type Fragment, type Owner } from './assemble-trace.ts';
import { rowsById } from './rows-by-id.ts';
import { unpackedBlocks } from './unpacked-blocks.ts';

/** Every instant that BIGINT columns can hold; the end is not part of it. */
const ALL_TIME = [-(2n ** 63n), 2n ** 63n] as const;
/** Segments that one statement reads; more would only lengthen its planning. */
const SEGMENTS_PER_STATEMENT = 32;

/** Where a fragment stands. */
export interface Place {
  readonly resource: number;
  readonly block: number;
  readonly from: number;
  readonly length: number;
}

/** The fragments of a trace in one segment, in order of arrival. */
export interface SegmentPlaces {
  readonly segment: number;
  readonly places: readonly Place[];
}

/** All fragments of a trace, in order of arrival, put together; undefined if there are none. */
export async function traceQuery(context: QueryContext, traceId: TraceId): Promise<AssembledTrace | undefined> {
  return await readWhole(context, await fragmentPlaces(context, traceId));
}

export async function readWhole(
  context: QueryContext,
  found: readonly SegmentPlaces[],
): Promise<AssembledTrace | undefined> {
  const fragments: Fragment[] = [];
  for (const { segment, places } of found) {
    for (const fragment of await read(context, segment, places)) fragments.push(fragment);
  }
  return fragments.length === 0 ? undefined : assembleTrace(fragments);
}

/** Where the fragments of a trace stand, oldest segment first. */
export async function fragmentPlaces(context: QueryContext, traceId: TraceId): Promise<SegmentPlaces[]> {
  const segments = [...context.segments(...ALL_TIME)].sort((a, b) => a.place - b.place);
  const places: SegmentPlaces[] = [];
  for (let from = 0; from < segments.length; from += SEGMENTS_PER_STATEMENT) {
    const some = segments.slice(from, from + SEGMENTS_PER_STATEMENT);
    const found = await context.rows(placesSql(some), idParameter(traceId));
    for (const [segment, some] of bySegment(found)) places.push({ segment, places: some });
  }
  return places;
}

/** `$id` of the statements over a trace. */
export function idParameter(traceId: TraceId): { readonly id: bigint } {
  return { id: BigInt(`0x${traceId}`) };
}

function placesSql(segments: readonly SegmentRef[]): string {
  const parts = segments.map(
    ({
      id,
    }) => `select ${id} as segment, resource_id, block_id, body_from, body_length from ${segmentTable('fragments', id)}
where trace_id = $id::uhugeint`,
  );
  return parts.join('\nunion all\n');
}

function bySegment(rows: readonly SqlRow[]): ReadonlyMap<number, readonly Place[]> {
  const places = new Map<number, Place[]>();
  for (const row of rows) {
    const segment = Number(row.segment);
    const place = {
      resource: Number(row.resource_id),
      block: Number(row.block_id),
      from: Number(row.body_from),
      length: Number(row.body_length),
    };
    const known = places.get(segment);
    if (known === undefined) places.set(segment, [place]);
    else known.push(place);
  }
  return places;
}

async function read(context: QueryContext, segment: number, places: readonly Place[]): Promise<Fragment[]> {
  const ids = places.map(place => place.block);
  const unpacked = await unpackedBlocks(context, segment, ids);
  const owners = await ownersOf(context, segment, places);
  return places.flatMap(({ resource, block, from, length }) => {
    const owner = owners.get(resource);
    const bytes = unpacked.get(block);
    if (owner === undefined || bytes === undefined) return [];
    return [{ ...owner, body: bytes.subarray(from, from + length) }];
  });
}

const OWNERS_KEY = 'owners of fragments';
/** Owners remembered at most, and the size over which one is not: 4 MiB in all. */
const OWNERS_KEPT = 1024;
const OWNER_KEPT_BYTES = 4096;

/** The resources of fragments, by id. They never change, and most traces share a few: those are remembered. */
export async function ownersOf(
  context: QueryContext,
  segment: number,
  places: readonly Place[],
): Promise<ReadonlyMap<number, Owner>> {
  const kept = (context.memory.get(OWNERS_KEY) ?? new Map()) as Map<string, Owner>;
  context.memory.set(OWNERS_KEY, kept);
  const owners = new Map<number, Owner>();
  const unknown: number[] = [];
  for (const { resource } of places) {
    const known = kept.get(`${segment} ${resource}`);
    if (known === undefined) unknown.push(resource);
    else owners.set(resource, known);
  }
  const rows = await rowsById(context, 'message, schema_url', segmentTable('resources', segment), unknown);
  for (const [id, { message, schema_url: url }] of rows) {
    const owner: Owner = { resource: message as Uint8Array, schemaUrl: String(url) };
    owners.set(id, owner);
    if (owner.resource.length > OWNER_KEPT_BYTES) continue;
    if (kept.size >= OWNERS_KEPT) kept.clear();
    kept.set(`${segment} ${id}`, owner);
  }
  return owners;
}
