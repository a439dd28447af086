import type { SharedText } from './sensitive.ts';

/** A field, an operator and a literal in quotes, as TraceQL writes a condition; or a literal alone. */
const CONDITION = /(?:([\w.:"-]{1,256})\s*(?:=~|!~|!=|=|>=|<=|>|<)\s*)?("(?:[^"\\]|\\.)*"|`[^`]*`)/g;

/**
 * The literals of a query, each with the field that it is compared with. Works on text that is no TraceQL, too: what is
 * shared may be half written.
 */
export function queryTexts(query: string): readonly SharedText[] {
  const texts: SharedText[] = [];
  for (const [, field = '', literal] of query.matchAll(CONDITION)) {
    const key = field.replace(/^[a-z]*\./, '').replaceAll('"', '');
    texts.push({ where: 'the query', key, text: literal.slice(1, -1).replace(/\\(.)/g, '$1') });
  }
  return texts;
}
