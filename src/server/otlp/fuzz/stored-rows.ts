import type { SqlRow } from '#server/store/query-context.ts';
import type { StoreCore } from '#server/store/store-core.ts';
import { ingest, select } from '#server/store/testing/open-core.ts';

const LISTS = ['attrs', 'baggage'];

/** Everything that the open segment holds of the spans from a row on, with the ids of dictionaries spelled out. */
export async function storedRows(core: StoreCore, fromRow: bigint): Promise<unknown> {
  const from = { from: fromRow };
  const spans = await select(core, 'select * from spans_1 where row_id >= $from order by row_id', from);
  if (spans.length === 0) return [];
  const values = new Map<unknown, unknown>();
  for (const { id, ...value } of await select(core, 'select * from attr_values_1')) values.set(id, value);
  const owners = async (table: 'resources_1' | 'scopes_1') => {
    const rows = await select(core, `select * exclude (message) from ${table}`);
    return new Map(rows.map(({ id, ...row }) => [id, spelledOut(row, values)]));
  };
  const [resources, scopes] = [await owners('resources_1'), await owners('scopes_1')];
  const parts = async (table: 'events_1' | 'links_1', order: string) =>
    (await select(core, `select * from ${table} where row_id >= $from order by row_id, ${order}`, from)).map(row =>
      relative(spelledOut(row, values), fromRow),
    );
  return {
    spans: spans.map(({ resource_id, scope_id, ...span }) => ({
      ...relative(spelledOut(span, values), fromRow),
      resource: resources.get(resource_id),
      scope: scopes.get(scope_id),
    })),
    events: await parts('events_1', 'time_ns, name'),
    links: await parts('links_1', 'trace_id, span_id'),
  };
}

/** The row that the next span will get. */
export async function nextRow(core: StoreCore): Promise<bigint> {
  const [{ next }] = await select(core, 'select coalesce(max(row_id) + 1, 0)::bigint as next from spans_1');
  return BigInt(next as bigint);
}

/** How many spans a body brings, and whether it is taken at all. */
export async function ingestBody(core: StoreCore, body: Uint8Array, encoding: 'protobuf' | 'json') {
  const { result, refusals } = await ingest(core, Uint8Array.from(body), { encoding });
  return result.kind === 'stored'
    ? { kind: result.kind, accepted: result.accepted, rejected: result.rejected, refusals }
    : { kind: result.kind, refusals };
}

function spelledOut(row: SqlRow, values: ReadonlyMap<unknown, unknown>): SqlRow {
  const ids = Object.entries(row).filter(([name]) => LISTS.includes(name) || /^p_\d+$/.test(name));
  const named = ids.map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(id => values.get(id)) : values.get(value),
  ]);
  return { ...row, ...Object.fromEntries(named) };
}

function relative(row: SqlRow, fromRow: bigint): SqlRow {
  return { ...row, row_id: BigInt(row.row_id as bigint) - fromRow };
}
