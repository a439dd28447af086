import { serviceOf } from '#domain/trace/service-of.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

/** Distinct services of a trace ('' included where spans lack one) and, per row, its index among them. */
export interface ServiceColumn {
  readonly services: readonly string[];
  readonly index: Int32Array;
}

/** The service of every row as a column; services in order of first row. */
export function serviceColumn(table: TraceTable): ServiceColumn {
  const services: string[] = [];
  const byName = new Map<string, number>();
  const byResource = new Int32Array(table.resources.length + 1).fill(-1);
  const index = new Int32Array(table.length);
  for (let row = 0; row < table.length; row++) {
    const resource = table.resource[row] + 1;
    if (byResource[resource] === -1) byResource[resource] = indexOfName(serviceOf(table, row), services, byName);
    index[row] = byResource[resource];
  }
  return { services, index };
}

function indexOfName(name: string, services: string[], byName: Map<string, number>): number {
  let index = byName.get(name);
  if (index === undefined) {
    index = services.push(name) - 1;
    byName.set(name, index);
  }
  return index;
}
