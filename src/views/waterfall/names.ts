import { durationText } from '#domain/format/duration.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { cutEnd, visibleText } from '#domain/format/text.ts';
import { spanIdOf } from '#domain/ids.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';

import { levelOfRow, siblingCount, type TreeShape } from './shape.ts';

export const NO_SERVICE = 'unknown service';
/** Longer names are cut before they reach the DOM; the drawer has them whole. */
const MAX_NAME = 300;

/** The operation as it is shown. */
export function operationName(shape: TreeShape, row: number): string {
  const name = shape.table.strings.at(shape.table.name[row]);
  return name === '' ? '(no name)' : visibleText(cutEnd(name, MAX_NAME));
}

export function serviceName(shape: TreeShape, row: number): string {
  const name = serviceOf(shape.table, row);
  return name === '' ? NO_SERVICE : visibleText(cutEnd(name, MAX_NAME));
}

/** First digits of the missing parent's id. */
export function gapParent(shape: TreeShape, gap: number): string {
  return spanIdOf(shape.table.parentSpanId[shape.gaps.firstRow[gap]]);
}

/** What a screen reader says of a row: "payment POST /charge, error, 212 ms, 34 % of trace, level 4, 3 of 12". */
export function entryLabel(shape: TreeShape, entry: number): string {
  const { table, gaps } = shape;
  if (entry < 0) {
    const orphans = gaps.orphanCount[~entry];
    const count = orphans === 1 ? '1 span names' : `${formatCount(orphans)} spans name`;
    return `Missing parent ${gapParent(shape, ~entry)}, not received, ${count} it`;
  }
  const durationNs = table.spanDurationNs[entry];
  const parts = [`${serviceName(shape, entry)} ${operationName(shape, entry)}`];
  if (table.status[entry] === StatusCode.error) parts.push('error');
  parts.push(durationText(durationNs));
  if (table.durationNs > 0 && durationNs >= 0) {
    parts.push(`${formatPercent(Math.min(1, durationNs / table.durationNs))} of trace`);
  }
  parts.push(`level ${levelOfRow(shape, entry)}`);
  parts.push(`${formatCount(shape.position[entry])} of ${formatCount(siblingCount(shape, entry))}`);
  return parts.join(', ');
}

/** A kind as OTLP names it in lower case; numbers OTLP does not define as `kind 99`. */
export function kindName(kind: number): string {
  return Object.entries(SpanKind).find(([, number]) => number === kind)?.[0] ?? `kind ${kind}`;
}

/** As `kindName`, for status codes. */
export function statusName(status: number): string {
  return Object.entries(StatusCode).find(([, number]) => number === status)?.[0] ?? `status ${status}`;
}
