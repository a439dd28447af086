import type { DuckDBConnection } from '@duckdb/node-api';
import { scanTraces } from '#decoding/otlp/otlp-proto.ts';
import { ok, type Result } from '#domain/result.ts';
import { WireCursor } from '#server/store/append/wire-cursor.ts';
import { unpackBlock } from '#server/store/block-codec.ts';
import { messageOf } from '#server/store/fault.ts';
import { damagedMeta, metaTables } from '#server/store/open/rebuild-meta.ts';
import { bytesOf, unpackTrace } from '#server/store/pins/packed-trace.ts';
import { segmentTable, segmentTables } from '#server/store/schema/segment-table.ts';
import type { StoreOpenError } from '#server/store/store-types.ts';
import { withOfflineDatabase } from './open-offline.ts';

const BLOCKS_AT_ONCE = 128;
const SPAN_FIELD = 2;

export interface VerifyReport {
  readonly segments: number;
  readonly spans: number;
  readonly pins: number;
  /** One sentence each; empty when everything can be read and agrees. */
  readonly problems: readonly string[];
}

/**
 * Reads the whole store: every column of every table, every span's original bytes against its row, and every pin's copy of
 * its trace.
 */
export async function verifyStore(dataDir: string): Promise<Result<VerifyReport, StoreOpenError>> {
  return await withOfflineDatabase(dataDir, async (database, notices) => {
    const problems = [...notices];
    const unreadable = new Set<string>(await damagedMeta(database.write, metaTables));
    for (const table of unreadable) problems.push(`the table ${table} cannot be read; a start makes it anew`);
    if (unreadable.has('segments')) return ok({ segments: 0, spans: 0, pins: 0, problems });
    const found = await database.write.runAndReadAll('select id from segments order by id');
    const segments = found.getRows().map(([id]) => Number(id));
    let spans = 0;
    for (const segment of segments) spans += await verifySegment(database.write, segment, problems);
    const readable = !unreadable.has('pins') && !unreadable.has('pin_parts');
    const pins = readable ? await verifyPins(database.write, problems) : 0;
    return ok({ segments: segments.length, spans, pins, problems });
  });
}

/** Resolves to the number of pins that are kept. */
async function verifyPins(connection: DuckDBConnection, problems: string[]): Promise<number> {
  const kept = await connection.runAndReadAll(
    'select id, bytes, span_count from pins where gone_unix_ms is null order by at_unix_ms, id',
  );
  for (const [id, bytes, spans] of kept.getRows()) {
    const parts = await connection.runAndReadAll('select bytes from pin_parts where pin = $id order by part', {
      id: String(id),
    });
    const copy = parts.getRowObjectsJS().map(({ bytes: part }) => part as Uint8Array);
    const wrong = await wrongCopy(copy, Number(bytes), Number(spans));
    if (wrong !== undefined) problems.push(`the copy of pin ${id} ${wrong}`);
  }
  return kept.currentRowCount;
}

async function wrongCopy(parts: readonly Uint8Array[], bytes: number, spans: number): Promise<string | undefined> {
  const found = bytesOf(parts);
  if (found !== bytes) return `has ${found} bytes of ${bytes}`;
  try {
    const scanned = scanTraces(await unpackTrace(parts), { resource: nothing, scope: nothing, span: nothing });
    if (!scanned.ok) return `is no trace: ${scanned.error.message}`;
    return scanned.value.spans === spans ? undefined : `has ${scanned.value.spans} spans of ${spans}`;
  } catch (cause) {
    return `cannot be unpacked: ${messageOf(cause)}`;
  }
}

const nothing = () => undefined;

async function verifySegment(connection: DuckDBConnection, segment: number, problems: string[]): Promise<number> {
  for (const table of segmentTables) {
    const name = segmentTable(table, segment);
    const failure = await failureOf(connection.run(`select max(hash(t)) from ${name} t`));
    if (failure !== undefined) problems.push(`${name} cannot be read: ${failure}`);
  }
  const rows = await count(connection, segmentTable('spans', segment));
  try {
    const kept = await keptSpans(connection, segment);
    if (kept !== rows) problems.push(`segment ${segment} has ${rows} spans in its columns and ${kept} in its blocks`);
  } catch (cause) {
    problems.push(`the blocks of segment ${segment} cannot be read: ${messageOf(cause)}`);
  }
  return rows;
}

/** Span messages that the fragments of a segment lead to. */
async function keptSpans(connection: DuckDBConnection, segment: number): Promise<number> {
  const [blocks, fragments] = [segmentTable('blocks', segment), segmentTable('fragments', segment)];
  const [{ last }] = (
    await connection.runAndReadAll(`select coalesce(max(id), 0)::integer as last from ${blocks}`)
  ).getRowObjectsJS() as [{ last: number }];
  let spans = 0;
  for (let from = 1; from <= last; from += BLOCKS_AT_ONCE) {
    const range = `between ${from} and ${from + BLOCKS_AT_ONCE - 1}`;
    const bodies = await connection.runAndReadAll(`select id, body from ${blocks} where id ${range}`);
    const unpacked = new Map<number, Uint8Array>();
    for (const { id, body } of bodies.getRowObjectsJS()) {
      unpacked.set(Number(id), unpackBlock(body as Uint8Array));
    }
    const places = await connection.runAndReadAll(
      `select block_id, body_from, body_length from ${fragments} where block_id ${range}`,
    );
    for (const [block, at, length] of places.getRows().map(row => row.map(Number))) {
      const bytes = unpacked.get(block);
      if (bytes === undefined || at + length > bytes.length) throw new Error(`block ${block} is missing or short`);
      spans += countSpans(bytes, at, at + length);
    }
  }
  return spans;
}

function countSpans(bytes: Uint8Array, from: number, to: number): number {
  let spans = 0;
  const scopes = new WireCursor();
  const fields = new WireCursor();
  scopes.open(bytes, from, to);
  while (scopes.next()) {
    fields.open(bytes, scopes.from, scopes.to);
    while (fields.next()) if (fields.field === SPAN_FIELD) spans++;
  }
  return spans;
}

async function count(connection: DuckDBConnection, table: string): Promise<number> {
  return Number((await connection.runAndReadAll(`select count(*) from ${table}`)).getRows()[0][0]);
}

async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (cause) {
    return messageOf(cause);
  }
}
