import { type ResourceRow, SpanFlag, SpanKind, type TraceTable } from '#domain/trace/trace-table.ts';

/** Spans that stick out of the call that they answer although they would fit: their clock is off. Ascending by row. */
export interface ClockSkew {
  readonly row: Int32Array;
  /** How far the span's clock seems to be ahead of its caller's, ns; negative if behind. Never applied to any time. */
  readonly aheadNs: Float64Array;
}

/**
 * Looks at servers that start before or end after the client in another resource, on another host as far as that is said,
 * that called and awaited them. One that is not longer than the call is taken to lie in its middle: the difference of the
 * middles is the skew. Linear.
 */
export function clockSkew(table: TraceTable): ClockSkew {
  const { length, parent, resource, flags, kind, startNs, spanDurationNs } = table;
  const outside = SpanFlag.startsBeforeParent | SpanFlag.endsAfterParent;
  const unfit = SpanFlag.noTimestamp | SpanFlag.negative | SpanFlag.offScale;
  const rows: number[] = [];
  const ahead: number[] = [];
  const hosts = table.resources.map(hostOf);
  const isOneClock = (a: number, b: number): boolean =>
    a === b || (a >= 0 && b >= 0 && hosts[a] !== undefined && hosts[a] === hosts[b]);
  for (let row = 0; row < length; row++) {
    const above = parent[row];
    if (above < 0 || (flags[row] & outside) === 0 || ((flags[row] | flags[above]) & unfit) !== 0) continue;
    if (isOneClock(resource[row], resource[above]) || kind[above] !== SpanKind.client || kind[row] !== SpanKind.server)
      continue;
    if (spanDurationNs[row] > spanDurationNs[above]) continue;
    rows.push(row);
    ahead.push(startNs[row] + spanDurationNs[row] / 2 - (startNs[above] + spanDurationNs[above] / 2));
  }
  return { row: Int32Array.from(rows), aheadNs: Float64Array.from(ahead) };
}

/** The machine whose clock a resource reads, if it names it. */
function hostOf({ attributes }: ResourceRow): string | undefined {
  for (const key of ['host.id', 'host.name']) {
    const value = attributes.find(attribute => attribute.key === key)?.value;
    if (value?.type === 'string' && value.value !== '') return `${key} ${value.value}`;
  }
  return undefined;
}

/** The skew of one row, ns; undefined if none was seen. */
export function skewOf({ row, aheadNs }: ClockSkew, wanted: number): number | undefined {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (row[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return row[low] === wanted ? aheadNs[low] : undefined;
}
