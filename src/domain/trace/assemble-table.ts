import type { TraceId } from '#domain/ids.ts';
import { gather8, gather16, gatherDouble, gatherPairs, gatherSigned, gatherTimes, gatherUnsigned } from './gather.ts';
import type { SpanColumns } from './span-columns.ts';
import type { SpanDetails } from './span-details.ts';
import type { StringTable } from './string-table.ts';
import {
  type DamageCounts,
  type ResourceRow,
  type ScopeRow,
  SpanFlag,
  SpanKind,
  type TraceTable,
} from './trace-table.ts';
import { readTimes } from './trace-times.ts';
import { buildTree, type CompareContent } from './trace-tree.ts';

/** What a table is made of. `spans` is used up: its times are filled in where they are missing. */
export interface TableParts {
  readonly traceId: TraceId;
  readonly spans: SpanColumns;
  readonly strings: StringTable;
  readonly resources: readonly ResourceRow[];
  readonly scopes: readonly ScopeRow[];
  readonly partial: string | undefined;
  readonly compareContent: CompareContent;
  /** Gets the arrival index of each row. */
  readonly detailsOf: (order: Int32Array) => SpanDetails;
}

/** Links the spans to a tree and lays the columns out in row order. */
export function assembleTable(parts: TableParts): TraceTable {
  const { spans } = parts;
  const arrivalFlags = new Uint16Array(spans.count);
  const times = readTimes(spans, arrivalFlags);
  const tree = buildTree(spans, times, arrivalFlags, parts.compareContent);
  const { order } = tree;
  const length = order.length;
  const startNs = gatherTimes(spans.start, order, times.base);
  const spanDurationNs = gatherDouble(times.durationNs, order);
  const kind = gather8(spans.kind, order);
  const flags = gather16(arrivalFlags, order);
  const resource = gatherSigned(spans.resource, order);
  const shape = rowShape(order, tree.parent);
  const baseUnixNano = (BigInt(times.base[1]) << 32n) | BigInt(times.base[0]);
  flagOutside(flags, startNs, spanDurationNs, kind, shape.parent, Number(baseUnixNano % MS_NS));

  return Object.freeze({
    traceId: parts.traceId,
    length,
    baseUnixNano,
    durationNs: times.extentNs,
    startNs,
    spanDurationNs,
    spanId: gatherPairs(spans.spanId, order),
    parentSpanId: gatherPairs(spans.parentSpanId, order),
    ...shape,
    name: gatherSigned(spans.name, order),
    statusMessage: gatherSigned(spans.statusMessage, order),
    traceState: gatherSigned(spans.traceState, order),
    resource,
    scope: gatherSigned(spans.scope, order),
    kind,
    status: gather8(spans.status, order),
    flags,
    w3cFlags: gatherUnsigned(spans.w3cFlags, order),
    droppedAttributes: gatherUnsigned(spans.droppedAttributes, order),
    droppedEvents: gatherUnsigned(spans.droppedEvents, order),
    droppedLinks: gatherUnsigned(spans.droppedLinks, order),
    events: gatherEvents(spans, order, times.base),
    links: gatherLinks(spans, order),
    copies: gatherCopies(tree.received, order),
    resources: parts.resources,
    scopes: parts.scopes,
    strings: parts.strings,
    damage: countDamage(tree, flags, shape.parent, resource, parts.resources),
    partial: parts.partial,
    details: parts.detailsOf(order),
  });
}

function rowShape(order: Int32Array, arrivalParent: Int32Array) {
  const length = order.length;
  const rowOf = new Int32Array(arrivalParent.length);
  for (let row = 0; row < length; row++) rowOf[order[row]] = row;
  const parent = new Int32Array(length);
  const depth = new Int32Array(length);
  const subtreeEnd = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const above = arrivalParent[order[row]];
    parent[row] = above < 0 ? -1 : rowOf[above];
    depth[row] = above < 0 ? 0 : depth[parent[row]] + 1;
  }
  for (let row = length - 1; row >= 0; row--) {
    if (subtreeEnd[row] === 0) subtreeEnd[row] = row + 1;
    const above = parent[row];
    if (above >= 0 && subtreeEnd[above] < subtreeEnd[row]) subtreeEnd[above] = subtreeEnd[row];
  }
  return { parent, subtreeEnd, depth };
}

const MS_NS = 1_000_000n;

/**
 * Some SDKs (JavaScript's) start spans by a clock that ticks in milliseconds and measure durations exactly: such a span
 * may seem to stick out of its parent by less than a tick. That is the clock's grain, not damage, and is not flagged.
 * `baseWithinMs` is the base's ns after a whole millisecond.
 */
function flagOutside(
  flags: Uint16Array,
  startNs: Float64Array,
  durationNs: Float64Array,
  kind: Uint8Array,
  parent: Int32Array,
  baseWithinMs: number,
): void {
  const tick = Number(MS_NS);
  const isCoarse = (row: number) => (startNs[row] + baseWithinMs) % tick === 0;
  for (let row = 0; row < flags.length; row++) {
    const above = parent[row];
    if (above < 0 || ((flags[row] | flags[above]) & SpanFlag.noTimestamp) !== 0) continue;
    // A message outlives the span that sent it: that is what queues are for.
    if (kind[row] === SpanKind.producer || kind[row] === SpanKind.consumer || kind[above] === SpanKind.producer)
      continue;
    const early = startNs[above] - startNs[row];
    const late = startNs[row] + Math.max(0, durationNs[row]) - startNs[above] - Math.max(0, durationNs[above]);
    if (early <= 0 && late <= 0) continue;
    const grain = isCoarse(row) || isCoarse(above) ? tick : 0;
    if (early > 0 && early >= grain) flags[row] |= SpanFlag.startsBeforeParent;
    if (late > 0 && late >= grain) flags[row] |= SpanFlag.endsAfterParent;
  }
}

function gatherEvents(spans: SpanColumns, order: Int32Array, base: Uint32Array): TraceTable['events'] {
  const { offset, source } = gatherRanges(spans.eventEnd, spans.eventCount, order);
  return { offset, timeNs: gatherTimes(spans.eventTime, source, base), name: gatherSigned(spans.eventName, source) };
}

function gatherLinks(spans: SpanColumns, order: Int32Array): TraceTable['links'] {
  const { offset, source } = gatherRanges(spans.linkEnd, spans.linkCount, order);
  return {
    offset,
    traceIdHi: gatherPairs(spans.linkTraceIdHi, source),
    traceIdLo: gatherPairs(spans.linkTraceIdLo, source),
    spanId: gatherPairs(spans.linkSpanId, source),
  };
}

function gatherCopies(received: ReadonlyMap<number, number>, order: Int32Array): TraceTable['copies'] {
  const copies = { row: new Int32Array(received.size), received: new Uint32Array(received.size) };
  let at = 0;
  for (let row = 0; row < order.length && at < received.size; row++) {
    const times = received.get(order[row]);
    if (times === undefined) continue;
    copies.row[at] = row;
    copies.received[at++] = times;
  }
  return copies;
}

/** Where the items of each row end up, and which item (by arrival) stands at each place. */
function gatherRanges(
  endOf: Uint32Array,
  total: number,
  order: Int32Array,
): { offset: Uint32Array; source: Int32Array } {
  const offset = new Uint32Array(order.length + 1);
  if (total === 0) return { offset, source: new Int32Array(0) };
  for (let row = 0; row < order.length; row++) {
    const i = order[row];
    offset[row + 1] = offset[row] + endOf[i] - (i === 0 ? 0 : endOf[i - 1]);
  }
  const source = new Int32Array(offset[order.length]);
  for (let row = 0; row < order.length; row++) {
    const first = endOf[order[row]] - (offset[row + 1] - offset[row]);
    for (let to = offset[row]; to < offset[row + 1]; to++) source[to] = first + to - offset[row];
  }
  return { offset, source };
}

function countDamage(
  tree: Pick<DamageCounts, 'missingParents' | 'orphans' | 'cycles' | 'identicalDuplicates' | 'duplicateIds'>,
  flags: Uint16Array,
  parent: Int32Array,
  resource: Int32Array,
  resources: readonly ResourceRow[],
): DamageCounts {
  const outside = SpanFlag.startsBeforeParent | SpanFlag.endsAfterParent;
  const nameless = Uint8Array.from(resources, row => (row.serviceName === '' ? 1 : 0));
  const counts = { roots: 0, outsideParent: 0, negative: 0, noTimestamp: 0, offScale: 0, withoutService: 0 };
  for (let row = 0; row < flags.length; row++) {
    if (parent[row] < 0) counts.roots++;
    if ((flags[row] & outside) !== 0) counts.outsideParent++;
    if ((flags[row] & SpanFlag.negative) !== 0) counts.negative++;
    if ((flags[row] & SpanFlag.noTimestamp) !== 0) counts.noTimestamp++;
    if ((flags[row] & SpanFlag.offScale) !== 0) counts.offScale++;
    if (resource[row] < 0 || nameless[resource[row]] === 1) counts.withoutService++;
  }
  const { missingParents, orphans, cycles, identicalDuplicates, duplicateIds } = tree;
  return { ...counts, missingParents, orphans, cycles, identicalDuplicates, duplicateIds };
}
