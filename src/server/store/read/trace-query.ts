import type { TraceId } from '#domain/ids.ts';
import type { QueryContext, SegmentRef } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { assembleTrace, type Fragment } from './assemble-trace.ts';

/** Every instant that BIGINT columns can hold. */
const ALL_TIME = [-(2n ** 63n), 2n ** 63n - 1n] as const;
/** Segments that one statement reads; more would only lengthen its planning. */
const SEGMENTS_PER_STATEMENT = 32;

export interface TraceReply {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Identical copies that were left out. */
  readonly duplicates: number;
}

/** All fragments of a trace, in order of arrival, put together; undefined if there are none. */
export async function traceQuery(context: QueryContext, traceId: TraceId): Promise<TraceReply | undefined> {
  const segments = [...context.segments(...ALL_TIME)].sort((a, b) => a.id - b.id);
  const fragments: Fragment[] = [];
  for (let from = 0; from < segments.length; from += SEGMENTS_PER_STATEMENT) {
    const some = segments.slice(from, from + SEGMENTS_PER_STATEMENT);
    const found = await context.rows(fragmentsSql(some), { id: BigInt(`0x${traceId}`) });
    if (found.length === 0) continue;
    const resources = await readResources(context, found);
    for (const { segment, resource_id, body } of found) {
      const resource = resources.get(`${segment}/${resource_id}`);
      if (resource !== undefined) fragments.push({ ...resource, body: body as Uint8Array });
    }
  }
  return fragments.length === 0 ? undefined : assembleTrace(fragments);
}

function fragmentsSql(segments: readonly SegmentRef[]): string {
  return segments
    .map(
      ({ id }) =>
        `select ${id} as segment, resource_id, body from ${segmentTable('fragments', id)} where trace_id = $id::uhugeint`,
    )
    .join('\nunion all\n');
}

async function readResources(
  context: QueryContext,
  found: readonly Record<string, unknown>[],
): Promise<ReadonlyMap<string, Omit<Fragment, 'body'>>> {
  const wanted = new Map<number, Set<number>>();
  for (const { segment, resource_id } of found) {
    const ids = wanted.get(Number(segment)) ?? new Set();
    wanted.set(Number(segment), ids.add(Number(resource_id)));
  }
  const resources = new Map<string, Omit<Fragment, 'body'>>();
  for (const [segment, ids] of wanted) {
    const rows = await context.rows(
      `select id, message, schema_url from ${segmentTable('resources', segment)} where list_contains($ids, id)`,
      { ids: [...ids] },
    );
    for (const { id, message, schema_url } of rows) {
      resources.set(`${segment}/${id}`, { resource: message as Uint8Array, schemaUrl: String(schema_url) });
    }
  }
  return resources;
}
