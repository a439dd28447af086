import { IdIndex } from './id-index.ts';
import { ascending, compare64, compareKeys, type SortScratch, sortBy64 } from './sort-by-64.ts';
import { isZero, type SpanColumns } from './span-columns.ts';
import { SpanFlag, SpanKind } from './trace-table.ts';

/** Which span each span hangs from, cycles not yet looked for. All columns are in order of arrival. */
export interface ParentLinks {
  /** -1 for a root, -2 - g for an orphan of the g-th missing parent. */
  readonly parent: Int32Array;
  /** 1 for identical copies of a span that is kept. */
  readonly dropped: Uint8Array;
  /** How often a span was received of which there are copies, itself included. */
  readonly received: ReadonlyMap<number, number>;
  readonly missingParents: number;
  readonly orphans: number;
  readonly selfParents: number;
  readonly identicalDuplicates: number;
  readonly duplicateIds: number;
}

type Compare = (a: number, b: number) => number;

/**
 * Joins parent ids with span ids through an index over the sorted span ids: no hash table, so no choice of ids makes it
 * slow, and the spans that share an id lie side by side.
 */
export function linkParents(
  spans: SpanColumns,
  flags: Uint16Array,
  compareContent: Compare,
  compareSpans: Compare,
  scratch: SortScratch,
): ParentLinks {
  const ids = settleIds(spans, flags, compareContent, compareSpans, scratch);
  const { parent, dropped, holder, byId } = ids;
  const index = new IdIndex(byId, spans.spanId);
  const orphans: number[] = [];
  let selfParents = 0;
  let linked = -1;
  for (let span = 0; span < spans.count; span++) {
    if (dropped[span] !== 0 || isZero(spans.parentSpanId, span) || (flags[span] & SpanFlag.sharedId) !== 0) continue;
    if (compareKeys(spans.spanId, span, spans.parentSpanId, span) === 0) {
      selfParents++;
      flags[span] |= SpanFlag.cycleBroken;
      continue;
    }
    // Siblings tend to arrive together.
    if (linked >= 0 && compare64(spans.parentSpanId, linked, span) === 0) {
      parent[span] = parent[linked];
      continue;
    }
    const at = index.find(spans.parentSpanId, span);
    if (at < 0) {
      orphans.push(span);
      continue;
    }
    const found = holder[byId[at]];
    const isShared = (flags[found] & SpanFlag.sharedId) !== 0;
    parent[span] = isShared ? halfOf(spans, found, parent[found], span) : found;
    if (!isShared) linked = span;
  }
  const missingParents = groupOrphans(spans, flags, Int32Array.from(orphans), parent);
  const { received, identicalDuplicates, duplicateIds } = ids;
  const counts = { missingParents, orphans: orphans.length, selfParents, identicalDuplicates, duplicateIds };
  return { parent, dropped, received, ...counts };
}

/** Of an id that a server shares with its client: children hang from the half of their own service, else from the server. */
function halfOf({ resource }: SpanColumns, server: number, client: number, child: number): number {
  return resource[child] === resource[client] && resource[child] !== resource[server] ? client : server;
}

/** Gives the orphans of one missing parent one number, and returns how many parents are missing. */
function groupOrphans(spans: SpanColumns, flags: Uint16Array, orphans: Int32Array, parent: Int32Array): number {
  let missingParents = 0;
  let before = -1;
  for (const orphan of sortBy64(orphans, spans.parentSpanId)) {
    if (before < 0 || compare64(spans.parentSpanId, before, orphan) !== 0) missingParents++;
    before = orphan;
    parent[orphan] = -1 - missingParents;
    flags[orphan] |= SpanFlag.orphan;
  }
  return missingParents;
}

interface SettledIds {
  /** Spans by id, stable. */
  readonly byId: Int32Array;
  /** At the first span of each id in `byId`: the span that children of the id hang from. */
  readonly holder: Int32Array;
  readonly parent: Int32Array;
  readonly dropped: Uint8Array;
  readonly received: Map<number, number>;
  identicalDuplicates: number;
  duplicateIds: number;
}

/** Decides, for ids that several spans carry, which are copies, which are a client/server pair, and who owns the id. */
function settleIds(
  spans: SpanColumns,
  flags: Uint16Array,
  compareContent: Compare,
  compareSpans: Compare,
  scratch: SortScratch,
): SettledIds {
  const byId = sortBy64(ascending(spans.count), spans.spanId, scratch);
  const settled: SettledIds = {
    byId,
    holder: ascending(spans.count),
    parent: new Int32Array(spans.count).fill(-1),
    dropped: new Uint8Array(spans.count),
    received: new Map(),
    identicalDuplicates: 0,
    duplicateIds: 0,
  };
  for (let from = 0; from < byId.length; ) {
    let to = from + 1;
    while (to < byId.length && compare64(spans.spanId, byId[from], byId[to]) === 0) to++;
    // Spans without an id are no one's parent, but copies among them are copies.
    if (to - from > 1) {
      const kept = dropCopies(byId.subarray(from, to), settled, flags, compareContent);
      if (kept.length > 1 && !isZero(spans.spanId, byId[from])) {
        settled.holder[byId[from]] = settleShared(kept.sort(compareSpans), spans.kind, flags, settled);
      } else settled.holder[byId[from]] = kept[0];
    }
    from = to;
  }
  return settled;
}

/** Marks all but the first of identical spans as dropped, flags that first, and returns the rest. */
function dropCopies(group: Int32Array, settled: SettledIds, flags: Uint16Array, compareContent: Compare): Int32Array {
  const sorted = group.slice().sort((a, b) => compareContent(a, b) || a - b);
  let kept = 1;
  for (let i = 1; i < sorted.length; i++) {
    const first = sorted[kept - 1];
    if (compareContent(first, sorted[i]) === 0) {
      settled.dropped[sorted[i]] = 1;
      flags[first] |= SpanFlag.repeated;
      settled.received.set(first, (settled.received.get(first) ?? 1) + 1);
      settled.identicalDuplicates++;
    } else sorted[kept++] = sorted[i];
  }
  return sorted.subarray(0, kept);
}

/**
 * Different spans with one id, earliest first. Zipkin's instrumentation lets the server half reuse the client's id: then
 * the server hangs from the client and children of the id from the half of their service. Otherwise the earliest owns the id.
 */
function settleShared(group: Int32Array, kind: Uint8Array, flags: Uint16Array, settled: SettledIds): number {
  const client = group.find(span => kind[span] === SpanKind.client) ?? -1;
  const server = group.find(span => kind[span] === SpanKind.server) ?? -1;
  const pair = client >= 0 && server >= 0;
  for (const span of group) {
    if (pair && kind[span] === SpanKind.server) {
      flags[span] |= SpanFlag.sharedId;
      settled.parent[span] = client;
    } else if (!pair || span !== client) {
      flags[span] |= SpanFlag.duplicateId;
      settled.duplicateIds++;
    }
  }
  return pair ? server : group[0];
}
