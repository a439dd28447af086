import type { SpanDetails } from './span-details.ts';
import { stringTable } from './string-table.ts';
import type { TraceTable } from './trace-table.ts';

/** A table on its way between threads: everything but `details`, which stay where the bytes are. */
export interface TableMessage {
  readonly columns: Omit<TraceTable, 'details' | 'strings'>;
  readonly strings: readonly string[];
}

/** The message, and the buffers to hand over with it: the sender's table is empty afterwards. */
export function packTable(table: TraceTable): { message: TableMessage; transfer: ArrayBuffer[] } {
  const { details: _, strings, ...columns } = table;
  const transfer = [
    ...bufferOf(columns),
    ...bufferOf(columns.events),
    ...bufferOf(columns.links),
    ...bufferOf(columns.copies),
  ];
  return { message: { columns, strings: Array.from({ length: strings.size }, (_, i) => strings.at(i)) }, transfer };
}

/** The table on the receiving side. */
export function unpackTable({ columns, strings }: TableMessage, details: SpanDetails): TraceTable {
  return Object.freeze({ ...columns, strings: stringTable(strings), details });
}

function* bufferOf(columns: object): Generator<ArrayBuffer> {
  for (const column of Object.values(columns)) if (ArrayBuffer.isView(column)) yield column.buffer as ArrayBuffer;
}
