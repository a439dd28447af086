import { err, ok, type Result } from '#domain/result.ts';

/** Unix ns; both undefined where the request names no range. */
export interface UnixRange {
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
}

/** `start` and `end` of a query string in Unix seconds, both or neither. */
export function readUnixRange({ start, end }: Record<string, unknown>): Result<UnixRange, string> {
  if ((start === undefined) !== (end === undefined)) return err('start and end go together');
  if (start === undefined) return ok({ startNs: undefined, endNs: undefined });
  const startNs = unixNs(start);
  const endNs = unixNs(end);
  if (startNs === undefined || endNs === undefined) return err('start and end are unix seconds');
  return startNs < endNs ? ok({ startNs, endNs }) : err('start must be before end');
}

function unixNs(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? BigInt(value) * 1_000_000_000n : undefined;
}
