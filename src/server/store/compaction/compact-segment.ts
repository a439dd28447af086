import type { DuckDBConnection } from '@duckdb/node-api';
import { Arena } from '#server/store/append/arena.ts';
import { BytesColumn, FixedColumn } from '#server/store/append/columns.ts';
import { TableAppender } from '#server/store/append/table-appender.ts';
import { bindParams } from '#server/store/read/sql-params.ts';
import { buildingTable, segmentTable } from '#server/store/schema/segment-table.ts';
import { BodyPacker, type SourceFragment } from './body-packer.ts';
import { ASKS, parentsSql } from './parents.sql.ts';
import { SourceBodies } from './source-bodies.ts';
import { copiesSql, slicesSql, workTables, workTablesSql } from './work-tables.sql.ts';

/** Fragments that are unpacked and looked through at once: some 10 ms. */
const FRAGMENTS_PER_STEP = 1024;
/** Attribute values that are sorted in one statement, about. */
const VALUES_PER_STEP = 240_000;

interface Slice {
  /** Number of its last trace. */
  readonly last: number;
  readonly lowNs: bigint;
  readonly highNs: bigint;
}

export interface Compacted {
  readonly spans: number;
  /** Spans left out. */
  readonly copies: number;
}

/**
 * Fills the building tables of `target` from segment `source`, in steps: between two of them nothing is open, so that the
 * caller may wait, or stop for good. Throws if the segment contradicts itself, and what DuckDB throws.
 */
export async function* compactSegment(
  connection: DuckDBConnection,
  source: number,
  target: number,
): AsyncGenerator<undefined, Compacted> {
  for (const sql of workTablesSql(source)) {
    await connection.run(sql);
    yield;
  }
  const packer = new BodyPacker();
  const bodies = new SourceBodies(connection, source);
  let copies = 0;
  let first = 1;
  let place = 0;
  for (const slice of await slicesOf(connection)) {
    place = yield* packSlice(connection, bodies, packer, place, slice.last);
    await findCopies(connection, source, packer);
    yield;
    const blocks = await packer.takeBlocks();
    await transaction(connection, async () => {
      await appendBlocks(connection, target, blocks);
      await appendFragments(connection, packer);
      await connection.run(spansSql(source, target, first, slice));
    });
    first = slice.last + 1;
    yield;
  }
  yield* copyValues(connection, source, target);
  await copyRest(connection, source, target);
  yield;
  copies = await count(connection, 'work_copies');
  const spans = await count(connection, buildingTable('spans', target));
  const before = await count(connection, segmentTable('spans', source));
  if (spans !== packer.spans || spans + copies !== before) {
    throw new Error(`${before} spans in its columns, of which ${spans} stay, and ${packer.spans} in its blocks`);
  }
  return { spans, copies };
}

/** Also after a compaction that was given up. */
export async function dropWorkTables(connection: DuckDBConnection): Promise<void> {
  for (const table of workTables) await connection.run(`drop table if exists temp.${table}`);
}

async function slicesOf(connection: DuckDBConnection): Promise<readonly Slice[]> {
  const rows = (await connection.runAndReadAll(slicesSql)).getRowObjectsJS();
  return rows.map(({ last, low, high }) => ({
    last: Number(last),
    lowNs: low as bigint,
    highNs: high as bigint,
  }));
}

/** Packs the traces up to number `last`; `place` is the row of `work_places` to begin with, the result the one behind. */
async function* packSlice(
  connection: DuckDBConnection,
  bodies: SourceBodies,
  packer: BodyPacker,
  place: number,
  last: number,
): AsyncGenerator<undefined, number> {
  let next = place;
  let trace = 0;
  let fragments: SourceFragment[] = [];
  while (true) {
    const found = await connection.runAndReadAll(
      `select * from work_places where rowid >= ${next} and rowid < ${next + FRAGMENTS_PER_STEP} and number <= ${last}`,
    );
    const { number = [], resource_id, start_ns, block_id, body_from, body_length } = found.getColumnsObjectJS();
    await bodies.require(new Set(block_id as number[]));
    for (let i = 0; i < number.length; i++) {
      if (number[i] !== trace) {
        if (fragments.length > 0) await packer.add(trace, fragments);
        trace = number[i] as number;
        fragments = [];
      }
      fragments.push({
        resource: resource_id[i] as number,
        startNs: start_ns[i] as bigint,
        body: bodies.body(block_id[i] as number, body_from[i] as number, body_length[i] as number),
      });
    }
    next += number.length;
    if (number.length < FRAGMENTS_PER_STEP) break;
    yield;
  }
  if (fragments.length > 0) await packer.add(trace, fragments);
  return next;
}

async function findCopies(connection: DuckDBConnection, source: number, packer: BodyPacker): Promise<void> {
  const found = packer.copies;
  if (found.length === 0) return;
  packer.copies = [];
  const { values, types } = bindParams({
    number: found.map(({ trace }) => trace),
    resource: found.map(({ resource }) => resource),
    place: found.map(({ place }) => place),
  });
  await connection.run('delete from work_found');
  await connection.run(
    'insert into work_found select unnest($number), unnest($resource), unnest($place)',
    values,
    types,
  );
  await connection.run(copiesSql(source));
}

async function appendBlocks(
  connection: DuckDBConnection,
  target: number,
  blocks: readonly { readonly id: number; readonly body: Uint8Array }[],
): Promise<void> {
  const arena = new Arena();
  const ids = new FixedColumn(4);
  const bodies = new BytesColumn(arena);
  for (const { id, body } of blocks) {
    ids.push32(id);
    bodies.push(arena.push(body, 0, body.length), body.length);
  }
  const appender = await TableAppender.open(connection, buildingTable('blocks', target), [ids, bodies]);
  appender.flush();
  appender.close();
}

async function appendFragments(connection: DuckDBConnection, { fragments }: BodyPacker): Promise<void> {
  const appender = await TableAppender.open(connection, 'work_packed', Object.values(fragments));
  appender.flush();
  appender.close();
}

/** The times are those of the slice: they spare DuckDB from reading the rest of the segment. */
function spansSql(source: number, target: number, first: number, { last, lowNs, highNs }: Slice): string {
  return `insert into ${buildingTable('spans', target)}
with slice as materialized (
  select s.*, t.number from ${segmentTable('spans', source)} s join work_traces t on t.trace_id = s.trace_id
  where t.number between ${first} and ${last} and s.start_ns between ${lowNs} and ${highNs}
    and s.row_id not in (select row_id from work_copies)),
${parentsSql}
select s.* exclude (number), p.service, p.kind, p.status, p.row, p.queue_ns,
  case when s.kind in ${ASKS} then s.row_id in (select row_id from answered) end
from slice s left join parents p on p.child = s.row_id
order by s.number, s.start_ns, s.row_id`;
}

/** Values by scope and key: a look-up reads its key's only. A step holds whole keys. */
async function* copyValues(
  connection: DuckDBConnection,
  source: number,
  target: number,
): AsyncGenerator<undefined, void> {
  const from = segmentTable('attr_values', source);
  const steps = (
    await connection.runAndReadAll(`select count(distinct step)::integer as steps from (${valueSteps(from)})`)
  ).getRowObjectsJS();
  for (let step = 0; step < Number(steps[0].steps); step++) {
    await connection.run(`insert into ${buildingTable('attr_values', target)}
select v.* from ${from} v join (${valueSteps(from)}) k on k.scope = v.scope and k.key = v.key where k.step = ${step}
order by v.scope, v.key, v.id`);
    yield;
  }
}

function valueSteps(table: string): string {
  return `select scope, key, dense_rank() over (order by coarse) - 1 as step from (
  select *, (sum(n) over (order by scope, key) - n) // ${VALUES_PER_STEP} as coarse
  from (select scope, key, count(*) as n from ${table} group by all))`;
}

async function copyRest(connection: DuckDBConnection, source: number, target: number): Promise<void> {
  await connection.run(`insert into ${buildingTable('fragments', target)}
select t.trace_id, p.start_ns, p.resource_id, p.block_id, p.body_from, p.body_length
from work_packed p join work_traces t on t.number = p.number order by t.trace_id, p.rowid`);
  for (const table of ['resources', 'scopes'] as const) {
    await connection.run(`insert into ${buildingTable(table, target)} from ${segmentTable(table, source)} order by id`);
  }
  for (const table of ['events', 'links'] as const) {
    await connection.run(`insert into ${buildingTable(table, target)}
from ${segmentTable(table, source)} where row_id not in (select row_id from work_copies) order by row_id, rowid`);
  }
}

async function count(connection: DuckDBConnection, table: string): Promise<number> {
  return Number((await connection.runAndReadAll(`select count(*) from ${table}`)).getRows()[0][0]);
}

async function transaction(connection: DuckDBConnection, body: () => Promise<void>): Promise<void> {
  await connection.run('begin');
  try {
    await body();
    await connection.run('commit');
  } catch (cause) {
    await connection.run('rollback').catch(() => undefined);
    throw cause;
  }
}
