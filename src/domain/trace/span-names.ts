import { cutEnd, visibleText } from '#domain/format/text.ts';
import { serviceOf } from './service-of.ts';
import type { TraceTable } from './trace-table.ts';

export const NO_SERVICE = 'unknown service';
const NO_NAME = '(no name)';
/** Longer names are cut where they are shown; details and exports have them whole. */
const MAX_NAME = 300;

/** The operation of a row as it is shown: one line, nothing hidden in it. */
export function operationText(table: TraceTable, row: number): string {
  const name = table.strings.at(table.name[row]);
  return name === '' ? NO_NAME : visibleText(cutEnd(name, MAX_NAME));
}

/** The service of a row as it is shown. */
export function serviceText(table: TraceTable, row: number): string {
  return serviceLabel(serviceOf(table, row));
}

/** A service by its name, '' for none, as it is shown. */
export function serviceLabel(name: string): string {
  return name === '' ? NO_SERVICE : visibleText(cutEnd(name, MAX_NAME));
}
