import type { TraceId } from '#domain/ids.ts';
import { traceQuery } from '#server/store/read/trace-query.ts';
import type { Pins, PinsHost } from './pins.ts';

/**
 * Before version 5 a pin was a row that named a trace: each becomes a pin with a copy. A trace that is not stored any more
 * is told and left out. What could not be copied, for want of disk, or because the process was killed, is tried again at
 * the next start.
 */
export async function adoptPins(host: PinsHost, pins: Pins): Promise<void> {
  const { connections, notices } = host.store;
  const tables = await connections.write.runAndReadAll("select 1 from duckdb_tables() where table_name = 'pinned'");
  if (tables.getRows().length === 0) return;
  const old = await connections.write.runAndReadAll('select trace_id, at_unix_ms from pinned order by at_unix_ms');
  let isComplete = true;
  for (const [traceId, atUnixMs] of old.getRows()) {
    const hex = (traceId as bigint).toString(16).padStart(32, '0') as TraceId;
    const otlp = (await host.run(-1, context => traceQuery(context, hex)))?.bytes;
    const added =
      otlp &&
      (await pins.add(record(hex), otlp, {
        atUnixMs: Number(atUnixMs),
        maxBytes: Number.POSITIVE_INFINITY,
        also: async connection => {
          await connection.run(`delete from pinned where trace_id = ${traceId}::uhugeint`);
        },
      }));
    if (added?.ok) continue;
    isComplete &&= added === undefined;
    const why = added === undefined ? 'it is not stored' : `${added.error.message}; the next start tries again`;
    notices.add(`The pin of trace ${hex} could not be taken over from an older version: ${why}.`);
  }
  if (!isComplete) return;
  await connections.write.run('drop table pinned');
  await host.store.checkpoint();
}

function record(traceId: TraceId) {
  return { traceId, source: 'local', sourceName: 'This server', view: { path: `/trace/${traceId}`, search: '' } };
}
