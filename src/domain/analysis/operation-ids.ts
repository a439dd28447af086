import type { TraceTable } from '#domain/trace/trace-table.ts';
import { ROWS_PER_STEP, type Steps } from './steps.ts';

/** A number per row that two rows share exactly when service and span name are equal. */
export interface OperationIds {
  readonly count: number;
  readonly operation: Int32Array;
}

/** Numbers from 0, in order of first sight. Linear; few services share a name, so the chain behind a name is short. */
export function* operationIds(table: TraceTable): Steps<OperationIds> {
  const { length, name, resource, strings } = table;
  const serviceNumbers = new Map<string, number>([['', 0]]);
  const serviceOfResource = Int32Array.from(table.resources, ({ serviceName }) => {
    const number = serviceNumbers.get(serviceName) ?? serviceNumbers.size;
    serviceNumbers.set(serviceName, number);
    return number;
  });
  const first = new Int32Array(strings.size).fill(-1);
  const service: number[] = [];
  const next: number[] = [];
  const operation = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    if (row % ROWS_PER_STEP === 0) yield;
    const wanted = resource[row] < 0 ? 0 : serviceOfResource[resource[row]];
    let found = first[name[row]];
    while (found >= 0 && service[found] !== wanted) found = next[found];
    if (found < 0) {
      found = service.push(wanted) - 1;
      next.push(first[name[row]]);
      first[name[row]] = found;
    }
    operation[row] = found;
  }
  return { count: service.length, operation };
}
