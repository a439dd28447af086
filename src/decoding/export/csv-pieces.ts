import { otlpReader } from '#decoding/otlp/otlp-reader.ts';
import type { Steps } from '#domain/analysis/steps.ts';
import { type CsvCell, csvLine } from '#domain/format/csv.ts';
import { kindName, statusName } from '#domain/trace/enum-names.ts';
import type { Attribute } from '#domain/trace/trace-table.ts';
import { valueText } from '#domain/trace/value-text.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import type { FilePiece, FilePieces } from './file-pieces.ts';
import { readPlainSpan } from './read-plain-span.ts';
import { selfTimeOfWire } from './self-time-of-wire.ts';
import { spanRuns } from './span-runs.ts';

/** Columns of the file; docs/export.md says what each holds. */
export const CSV_COLUMNS = [
  'trace_id',
  'span_id',
  'parent_span_id',
  'service',
  'name',
  'kind',
  'status',
  'status_message',
  'start_unix_nano',
  'end_unix_nano',
  'duration_nano',
  'self_time_nano',
  'depth',
  'scope',
  'scope_version',
  'trace_state',
  'trace_flags',
  'events',
  'links',
  'dropped_attributes',
  'dropped_events',
  'dropped_links',
  'attributes',
  'resource_attributes',
] as const;

/** One line per row of the table, in its order: a parent before its children. Times and ids are exact. */
export function* csvPieces(wire: WireRanges, parent: Int32Array): FilePieces {
  const { bytes } = wire;
  const depth = depthsOf(parent);
  const selfNs = yield* silently(selfTimeOfWire(wire, parent));
  const resources = wire.resources.map(({ message, schemaUrl }) =>
    otlpReader.resource(message, 0, message.length, schemaUrl),
  );
  const scopes = wire.scopes.map(({ message, schemaUrl }) => otlpReader.scope(message, 0, message.length, schemaUrl));
  const ofResource = resources.map(({ attributes }) => attributesJson(attributes));
  yield { text: csvLine(CSV_COLUMNS), spans: 0 };
  for (const [from, to] of spanRuns(wire)) {
    const lines: string[] = [];
    for (let row = from; row < to; row++) {
      const span = readPlainSpan(bytes, wire.from[row], wire.to[row]);
      const scope = scopes[wire.scope[row]];
      const cells: Record<(typeof CSV_COLUMNS)[number], CsvCell> = {
        trace_id: span.traceId,
        span_id: span.spanId,
        parent_span_id: span.parentSpanId,
        service: resources[wire.resource[row]].serviceName,
        name: span.name,
        kind: kindName(span.kind),
        status: statusName(span.statusCode),
        status_message: span.statusMessage,
        start_unix_nano: span.startUnixNano,
        end_unix_nano: span.endUnixNano,
        duration_nano: span.endUnixNano - span.startUnixNano,
        self_time_nano: selfNs[row],
        depth: depth[row],
        scope: scope.name,
        scope_version: scope.version,
        trace_state: span.traceState,
        trace_flags: span.flags,
        events: span.events.length,
        links: span.links.length,
        dropped_attributes: span.droppedAttributes,
        dropped_events: span.droppedEvents,
        dropped_links: span.droppedLinks,
        attributes: attributesJson(span.attributes),
        resource_attributes: ofResource[wire.resource[row]],
      };
      lines.push(csvLine(CSV_COLUMNS.map(column => cells[column])));
    }
    yield { text: lines.join(''), spans: to };
  }
}

/** Steps as pieces without text. */
function* silently<T>(steps: Steps<T>): Generator<FilePiece, T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield { text: '', spans: 0 };
  }
}

function depthsOf(parent: Int32Array): Int32Array {
  const depth = new Int32Array(parent.length);
  for (let row = 0; row < parent.length; row++) depth[row] = parent[row] < 0 ? 0 : depth[parent[row]] + 1;
  return depth;
}

function attributesJson(attributes: readonly Attribute[]): string {
  return valueText({ type: 'map', value: attributes });
}
