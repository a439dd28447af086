import { SpanFlag, type TraceTable } from './trace-table.ts';

export interface MissingParent {
  /** The id that the orphans name and no span has. */
  readonly parentSpanId: bigint;
  /** Its orphans: adjacent roots, in row order. */
  readonly rows: readonly number[];
}

/** The parents that are named but absent, in row order: what the waterfall draws a placeholder row for. */
export function missingParentGroups({ length, flags, parentSpanId, subtreeEnd }: TraceTable): MissingParent[] {
  const groups: { parentSpanId: bigint; rows: number[] }[] = [];
  let open: { parentSpanId: bigint; rows: number[] } | undefined;
  for (let row = 0; row < length; row = subtreeEnd[row]) {
    if ((flags[row] & SpanFlag.orphan) === 0) {
      open = undefined;
    } else if (open !== undefined && open.parentSpanId === parentSpanId[row]) {
      open.rows.push(row);
    } else {
      open = { parentSpanId: parentSpanId[row], rows: [row] };
      groups.push(open);
    }
  }
  return groups;
}
