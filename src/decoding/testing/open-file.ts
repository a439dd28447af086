import { decodeFile } from '#decoding/file/decode-file.ts';
import type { DecodedFile } from '#decoding/file/decoded-file.ts';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { splitTraces } from '#decoding/otlp/split-traces.ts';
import { checkTraceTable } from '#domain/trace/check-trace-table.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

export interface OpenedFile extends DecodedFile {
  readonly tables: readonly TraceTable[];
  readonly withoutTraceId: number;
}

/** For tests: everything in a file, each trace as a table that has been checked. */
export function openFile(content: string | Uint8Array | object): OpenedFile {
  const bytes =
    content instanceof Uint8Array
      ? content
      : new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
  const decoded = last(decodeFile(bytes));
  const { traces, withoutTraceId } = splitTraces(decoded.bytes);
  const tables = [...traces].map(([id, part]) => {
    const table = decodeTrace(id, part.bytes);
    if (!table.ok) throw new Error(table.error.message);
    const broken = checkTraceTable(table.value);
    if (broken.length > 0) throw new Error(broken.join('\n'));
    return table.value;
  });
  return { ...decoded, tables, withoutTraceId };
}

/** One line per row: depth, service and name: `  cart: SELECT`. */
export function servicesAndNames(table: TraceTable): string[] {
  return Array.from(
    { length: table.length },
    (_, row) => `${'  '.repeat(table.depth[row])}${serviceOf(table, row)}: ${table.strings.at(table.name[row])}`,
  );
}

function last<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
