import { parseSpanId, spanIdBits } from '#domain/ids.ts';
import type { AttributeValue, TraceTable } from '#domain/trace/trace-table.ts';
import { StatusCode } from '#domain/trace/trace-table.ts';

/** One condition of a find text; all must hold. */
export type FindTerm =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'attribute'; readonly key: string; readonly value: string }
  | { readonly type: 'error' }
  | { readonly type: 'longer'; readonly ns: number };

const UNIT_NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/**
 * Reads what the reader typed: words (all must occur), `"several words"`, `key=value`, `error`, `>100ms`. Words are
 * compared without case.
 */
export function parseFind(input: string): readonly FindTerm[] {
  const terms: FindTerm[] = [];
  for (const match of input.matchAll(/"([^"]*)"?|(\S+)/g)) {
    const quoted = match[1];
    const word = match[2];
    if (word === undefined) {
      if (quoted !== '') terms.push({ type: 'text', text: quoted.toLowerCase() });
      continue;
    }
    terms.push(parseWord(word));
  }
  return terms;
}

/**
 * Rows that satisfy all terms, as a mask of 0 and 1. Names, services, messages, events and resources are in the columns
 * and answered at once; attributes of spans are read through `table.details`. Rejects when `signal` aborts.
 */
export async function findRows(
  table: TraceTable,
  terms: readonly FindTerm[],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const mask = new Uint8Array(table.length).fill(terms.length === 0 ? 0 : 1);
  for (const term of terms) {
    const hits = await rowsOfTerm(table, term);
    signal.throwIfAborted();
    for (let row = 0; row < mask.length; row++) mask[row] &= hits[row];
  }
  return mask;
}

/** The rows of a mask, ascending. */
export function rowsOfMask(mask: Uint8Array): Int32Array {
  let count = 0;
  for (let row = 0; row < mask.length; row++) count += mask[row];
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; row < mask.length; row++) if (mask[row] === 1) rows[at++] = row;
  return rows;
}

/** The first of ascending `rows` after `row` (before it when `backwards`), round the end; undefined if there is none. */
export function nextOf(rows: Int32Array, row: number, backwards: boolean): number | undefined {
  if (rows.length === 0) return undefined;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (backwards ? rows[middle] < row : rows[middle] <= row) low = middle + 1;
    else high = middle;
  }
  return rows[(backwards ? low - 1 + rows.length : low) % rows.length];
}

/** 1-based place of `row` among ascending `rows`, 0 if it is not one of them. */
export function placeOf(rows: Int32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row ? low + 1 : 0;
}

function parseWord(word: string): FindTerm {
  if (word.toLowerCase() === 'error') return { type: 'error' };
  const longer = /^>=?(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)$/.exec(word);
  if (longer !== null) return { type: 'longer', ns: Number(longer[1]) * UNIT_NS[longer[2]] };
  const pair = /^([^=\s]+)=(.+)$/.exec(word);
  if (pair !== null) return { type: 'attribute', key: pair[1], value: pair[2].replace(/^"|"$/g, '') };
  return { type: 'text', text: word.toLowerCase() };
}

async function rowsOfTerm(table: TraceTable, term: FindTerm): Promise<Uint8Array> {
  switch (term.type) {
    case 'error':
      return byRow(table, row => table.status[row] === StatusCode.error);
    case 'longer':
      return byRow(table, row => table.spanDurationNs[row] >= term.ns);
    case 'attribute':
      return rowsWithAttribute(table, term.key, term.value);
    case 'text':
      return rowsWithText(table, term.text);
  }
}

async function rowsWithAttribute(table: TraceTable, key: string, value: string): Promise<Uint8Array> {
  if (key === 'service') {
    const named = table.resources.map(resource => resource.serviceName === value);
    return byRow(table, row => table.resource[row] >= 0 && named[table.resource[row]]);
  }
  if (key === 'name') return byRow(table, row => table.strings.at(table.name[row]) === value);
  const inResource = table.resources.map(resource =>
    resource.attributes.some(attribute => attribute.key === key && plainText(attribute.value) === value),
  );
  const column = await table.details.column(key);
  const equal = column.values.map(each => plainText(each) === value);
  return byRow(
    table,
    row => equal[column.index[row]] === true || (table.resource[row] >= 0 && inResource[table.resource[row]]),
  );
}

async function rowsWithText(table: TraceTable, text: string): Promise<Uint8Array> {
  const inAttributes = await table.details.match?.(text);
  const strings = new Uint8Array(table.strings.size);
  for (let i = 0; i < strings.length; i++) strings[i] = table.strings.at(i).toLowerCase().includes(text) ? 1 : 0;
  const resources = table.resources.map(
    resource =>
      resource.serviceName.toLowerCase().includes(text) ||
      resource.attributes.some(attribute => plainText(attribute.value).toLowerCase().includes(text)),
  );
  const id = text.length === 16 ? parseSpanId(text) : undefined;
  const bits = id?.ok ? spanIdBits(id.value) : undefined;
  const { events } = table;
  return byRow(table, row => {
    if (strings[table.name[row]] === 1 || strings[table.statusMessage[row]] === 1 || inAttributes?.[row] === 1)
      return true;
    if (table.resource[row] >= 0 && resources[table.resource[row]]) return true;
    for (let event = events.offset[row]; event < events.offset[row + 1]; event++) {
      if (strings[events.name[event]] === 1) return true;
    }
    return bits !== undefined && table.spanId[row] === bits;
  });
}

function byRow(table: TraceTable, test: (row: number) => boolean): Uint8Array {
  const mask = new Uint8Array(table.length);
  for (let row = 0; row < mask.length; row++) if (test(row)) mask[row] = 1;
  return mask;
}

/** Scalars as they are typed; lists and maps have no equal in a find text. */
function plainText(value: AttributeValue): string {
  return value.type === 'string' || value.type === 'bool' || value.type === 'int' || value.type === 'double'
    ? String(value.value)
    : '';
}
