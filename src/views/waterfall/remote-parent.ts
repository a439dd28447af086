import type { TraceTable } from '#domain/trace/trace-table.ts';

/** Bits of the OTLP span flags that say whether the parent was in another process. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Whether a span says that its parent was in another process; undefined where it does not say. */
export function hasRemoteParent({ w3cFlags }: TraceTable, row: number): boolean | undefined {
  return (w3cFlags[row] & HAS_IS_REMOTE) === 0 ? undefined : (w3cFlags[row] & IS_REMOTE) !== 0;
}
