import { parseSpanId, spanIdBits } from '#domain/ids.ts';
import { type SpanTerm, scalarText } from '#domain/trace/span-details.ts';
import { type Attribute, type ResourceRow, StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';

/** One condition of a find text; all must hold. */
export type FindTerm = SpanTerm | { readonly type: 'error' } | { readonly type: 'longer'; readonly ns: number };

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
 * Rows that satisfy all terms, as a mask of 0 and 1. Texts are looked for where the table was made, in its strings and in
 * the attributes of its spans; here are sweeps over numbers. Rejects when `signal` aborts.
 */
export async function findRows(
  table: TraceTable,
  terms: readonly FindTerm[],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const asked = terms.filter(isOfAttributes);
  // All at once: of several searches that wait, only the last is answered.
  const texts = terms.flatMap(term => (term.type === 'text' ? [term.text] : []));
  const [held, named] = await Promise.all([
    asked.length === 0 ? undefined : table.details.match?.(asked),
    texts.length === 0 ? undefined : table.details.stringsHolding?.(texts),
  ]);
  signal.throwIfAborted();
  const mask = new Uint8Array(table.length).fill(terms.length === 0 ? 0 : 1);
  for (const term of terms) {
    const inAttributes = isOfAttributes(term) ? held?.[asked.indexOf(term)] : undefined;
    const inStrings = term.type === 'text' ? named?.[texts.indexOf(term.text)] : undefined;
    const hits = rowsOfTerm(table, term, inAttributes, inStrings);
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

/** `service` and `name` are columns. */
function isOfAttributes(term: FindTerm): term is SpanTerm {
  return term.type === 'text' || (term.type === 'attribute' && term.key !== 'service' && term.key !== 'name');
}

/**
 * `held` are the rows that hold the term in their attributes, `named` the strings of the table that hold it. Each loop
 * runs over columns of one type only.
 */
function rowsOfTerm(
  table: TraceTable,
  term: FindTerm,
  held: Uint8Array | undefined,
  named: Uint8Array | undefined,
): Uint8Array {
  const mask = held ?? new Uint8Array(table.length);
  const { length, status, spanDurationNs } = table;
  switch (term.type) {
    case 'error':
      for (let row = 0; row < length; row++) if (status[row] === StatusCode.error) mask[row] = 1;
      break;
    case 'longer':
      for (let row = 0; row < length; row++) if (spanDurationNs[row] >= term.ns) mask[row] = 1;
      break;
    case 'attribute':
      addAttribute(table, term.key, term.value, mask);
      break;
    case 'text':
      addText(table, term.text, named, mask);
      break;
  }
  return mask;
}

function addAttribute(table: TraceTable, key: string, value: string, mask: Uint8Array): void {
  if (key === 'name')
    addStrings(
      table.name,
      stringsThat(table, text => text === value),
      mask,
    );
  else if (key === 'service') addResources(table, row => row.serviceName === value, mask);
  else {
    const isWanted = (each: Attribute): boolean => each.key === key && scalarText(each.value) === value;
    addResources(table, row => row.attributes.some(isWanted), mask);
  }
}

function addText(table: TraceTable, text: string, named: Uint8Array | undefined, mask: Uint8Array): void {
  const holds = (each: string | undefined): boolean => each?.toLowerCase().includes(text) === true;
  const strings = named === undefined ? stringsThat(table, holds) : named.includes(1) ? named : undefined;
  addStrings(table.name, strings, mask);
  addStrings(table.statusMessage, strings, mask);
  addEvents(table, strings, mask);
  addResources(
    table,
    row => holds(row.serviceName) || row.attributes.some(each => holds(scalarText(each.value))),
    mask,
  );
  const id = text.length === 16 ? parseSpanId(text) : undefined;
  const row = id?.ok ? table.spanId.indexOf(spanIdBits(id.value)) : -1;
  if (row >= 0) mask[row] = 1;
}

function stringsThat({ strings }: TraceTable, test: (text: string) => boolean): Uint8Array | undefined {
  const found = new Uint8Array(strings.size);
  let any = false;
  for (let i = 0; i < found.length; i++) {
    if (!test(strings.at(i))) continue;
    found[i] = 1;
    any = true;
  }
  return any ? found : undefined;
}

function addStrings(column: Int32Array, wanted: Uint8Array | undefined, mask: Uint8Array): void {
  if (wanted === undefined) return;
  for (let row = 0; row < mask.length; row++) mask[row] |= wanted[column[row]];
}

function addEvents({ events, length }: TraceTable, wanted: Uint8Array | undefined, mask: Uint8Array): void {
  if (wanted === undefined) return;
  for (let row = 0, at = 0; row < length; row++) {
    for (const end = events.offset[row + 1]; at < end; at++) mask[row] |= wanted[events.name[at]];
  }
}

function addResources(table: TraceTable, test: (row: ResourceRow) => boolean, mask: Uint8Array): void {
  const wanted = Uint8Array.from(table.resources, row => (test(row) ? 1 : 0));
  if (!wanted.includes(1)) return;
  const { resource } = table;
  for (let row = 0; row < mask.length; row++) if (resource[row] >= 0) mask[row] |= wanted[resource[row]];
}
