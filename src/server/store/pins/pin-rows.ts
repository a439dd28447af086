import type { GonePin, Pin, PinAnswer, PinSummary } from '#domain/api/pin-api.ts';
import type { SqlRow, SqlValue } from '#server/store/query-context.ts';
import type { PinRecord } from './pin-requests.ts';

/** A row of `pins` as its answer; one past its time counts as gone before maintenance has seen it. */
export function pinAnswer(row: SqlRow, nowMs: number): PinAnswer {
  const expiresUnixMs = row.expires_unix_ms === null ? undefined : Number(row.expires_unix_ms);
  if (row.gone_unix_ms !== null) {
    const reason = row.gone_reason as GonePin['reason'];
    return { state: 'gone', gone: gonePin(row, reason, Number(row.gone_unix_ms)) };
  }
  if (expiresUnixMs !== undefined && expiresUnixMs <= nowMs) {
    return { state: 'gone', gone: gonePin(row, 'expired', expiresUnixMs) };
  }
  return { state: 'kept', pin: pinOf(row, expiresUnixMs) };
}

function pinOf(row: SqlRow, expiresUnixMs: number | undefined): Pin {
  return {
    id: String(row.id),
    traceId: hexOf(row.trace_id),
    source: String(row.source),
    sourceName: String(row.source_name),
    view: { path: String(row.view_path), search: String(row.view_search) },
    note: String(row.note),
    by: String(row.by_name),
    atUnixMs: Number(row.at_unix_ms),
    ...(expiresUnixMs !== undefined && { expiresUnixMs }),
    bytes: Number(row.bytes),
    summary: {
      rootName: String(row.root_name),
      rootService: String(row.root_service),
      startUnixNano: String(row.start_ns),
      durationNs: Number(row.duration_ns),
      spans: Number(row.span_count),
      services: Number(row.service_count),
      errors: Number(row.error_count),
    },
  };
}

function gonePin(row: SqlRow, reason: GonePin['reason'], goneUnixMs: number): GonePin {
  return {
    id: String(row.id),
    reason,
    goneUnixMs,
    traceId: hexOf(row.trace_id),
    source: String(row.source),
    atUnixMs: Number(row.at_unix_ms),
    startUnixNano: String(row.start_ns),
    durationNs: Number(row.duration_ns),
  };
}

function hexOf(traceId: unknown): string {
  return (traceId as bigint).toString(16).padStart(32, '0');
}

export const insertPin = `insert into pins values ($id, $trace::uhugeint, $stored, $source, $sourceName, $path, $search, $note, $by,
$at, $expires::bigint, $bytes, $rootName, $rootService, $start::ubigint, $duration::double, $spans, $services, $errors, null, null)`;

/** Parameters of `insertPin`. */
export function pinParams(
  id: string,
  record: PinRecord,
  summary: PinSummary,
  { bytes, atUnixMs }: { readonly bytes: number; readonly atUnixMs: number },
): Record<string, SqlValue> {
  return {
    id,
    trace: BigInt(`0x${record.traceId}`),
    stored: record.otlp === undefined,
    source: record.source,
    sourceName: record.sourceName,
    path: record.view.path,
    search: record.view.search,
    note: record.note ?? '',
    by: record.by ?? '',
    at: atUnixMs,
    expires: record.expiresUnixMs,
    bytes,
    rootName: summary.rootName,
    rootService: summary.rootService,
    start: BigInt(summary.startUnixNano),
    duration: summary.durationNs,
    spans: summary.spans,
    services: summary.services,
    errors: summary.errors,
  };
}
