import { SpanKind, StatusCode } from './trace-table.ts';

/** A kind as OTLP names it in lower case; numbers OTLP does not define as `kind 99`. */
export function kindName(kind: number): string {
  return Object.entries(SpanKind).find(([, number]) => number === kind)?.[0] ?? `kind ${kind}`;
}

/** As `kindName`, for status codes. */
export function statusName(status: number): string {
  return Object.entries(StatusCode).find(([, number]) => number === status)?.[0] ?? `status ${status}`;
}
