import type { Steps } from '#domain/analysis/steps.ts';
import { parseSpanId, spanIdBits } from '#domain/ids.ts';
import type { SpanTerm, WordHits } from '#domain/trace/span-details.ts';
import { StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { WordSearch } from '#domain/trace/word-search.ts';
import { inTurns } from './in-turns.ts';

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
 * Rows that satisfy all terms, as a mask of 0 and 1. Words are looked for where the table was made, in its strings, its
 * resources and the attributes of its spans; here are sweeps over numbers, in turns. Rejects when `signal` aborts.
 */
export async function findRows(
  table: TraceTable,
  terms: readonly FindTerm[],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const words = terms.filter(isOfWords);
  const asked = words.filter(isOfAttributes);
  // All at once: of several searches that wait, only the last is answered.
  const [held, hits] = await Promise.all([
    asked.length === 0 ? undefined : table.details.match?.(asked),
    words.length === 0 ? undefined : (table.details.words?.(words) ?? wordsHere(table, words)),
  ]);
  signal.throwIfAborted();
  const sources = terms.map(term => ({
    held: isOfWords(term) && isOfAttributes(term) ? held?.[asked.indexOf(term)] : undefined,
    words: isOfWords(term) ? hits?.[words.indexOf(term)] : undefined,
  }));
  return inTurns(maskInSteps(table, terms, sources), signal);
}

function parseWord(word: string): FindTerm {
  if (word.toLowerCase() === 'error') return { type: 'error' };
  const longer = /^>=?(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)$/.exec(word);
  if (longer !== null) return { type: 'longer', ns: Number(longer[1]) * UNIT_NS[longer[2]] };
  const pair = /^([^=\s]+)=(.+)$/.exec(word);
  if (pair !== null) return { type: 'attribute', key: pair[1], value: pair[2].replace(/^"|"$/g, '') };
  return { type: 'text', text: word.toLowerCase() };
}

function isOfWords(term: FindTerm): term is SpanTerm {
  return term.type === 'text' || term.type === 'attribute';
}

/** `service` and `name` are columns. */
function isOfAttributes(term: SpanTerm): boolean {
  return term.type === 'text' || (term.key !== 'service' && term.key !== 'name');
}

/** Where nobody else holds the table. */
function wordsHere({ strings, resources }: TraceTable, terms: readonly SpanTerm[]): readonly WordHits[] {
  const search = new WordSearch(
    Array.from({ length: strings.size }, (_, i) => strings.at(i)),
    resources,
  );
  return terms.map(term => search.hits(term));
}

/** What is known of a term: the rows that hold it in their attributes, and the strings and resources that do. */
interface TermSource {
  readonly held: Uint8Array | undefined;
  readonly words: WordHits | undefined;
}

/** Each loop runs over columns of one type only. */
function* maskInSteps(
  table: TraceTable,
  terms: readonly FindTerm[],
  sources: readonly TermSource[],
): Steps<Uint8Array> {
  const mask = new Uint8Array(table.length).fill(terms.length === 0 ? 0 : 1);
  for (const [i, term] of terms.entries()) {
    const hits = yield* rowsOfTerm(table, term, sources[i]);
    for (let row = 0; row < mask.length; row++) mask[row] &= hits[row];
    yield;
  }
  return mask;
}

function* rowsOfTerm(table: TraceTable, term: FindTerm, { held, words }: TermSource): Steps<Uint8Array> {
  const mask = held ?? new Uint8Array(table.length);
  const { length, status, spanDurationNs } = table;
  switch (term.type) {
    case 'error':
      for (let row = 0; row < length; row++) if (status[row] === StatusCode.error) mask[row] = 1;
      return mask;
    case 'longer':
      for (let row = 0; row < length; row++) if (spanDurationNs[row] >= term.ns) mask[row] = 1;
      return mask;
    case 'text':
      addId(table, term.text, mask);
      addStrings(table.statusMessage, words?.strings, mask);
      addEvents(table, words?.strings, mask);
      yield;
  }
  addStrings(table.name, words?.strings, mask);
  addResources(table, words?.resources, mask);
  return mask;
}

function addId({ spanId }: TraceTable, text: string, mask: Uint8Array): void {
  const id = text.length === 16 ? parseSpanId(text) : undefined;
  const row = id?.ok ? spanId.indexOf(spanIdBits(id.value)) : -1;
  if (row >= 0) mask[row] = 1;
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

function addResources({ resource }: TraceTable, wanted: Uint8Array | undefined, mask: Uint8Array): void {
  if (wanted === undefined) return;
  for (let row = 0; row < mask.length; row++) if (resource[row] >= 0) mask[row] |= wanted[resource[row]];
}
