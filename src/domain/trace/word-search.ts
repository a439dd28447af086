import { type SpanTerm, scalarText, type WordHits } from './span-details.ts';
import type { Attribute, ResourceRow } from './trace-table.ts';

const MOST_ANSWERS = 8;

/**
 * Looks through what the spans of a table share: its strings and its resources. Remembers the last texts: who types on is
 * answered from the strings that held the shorter text.
 */
export class WordSearch {
  readonly #strings: readonly string[];
  readonly #resources: readonly ResourceRow[];
  #answers: readonly { readonly text: string; readonly hits: Uint8Array }[] = [];

  constructor(strings: readonly string[], resources: readonly ResourceRow[]) {
    this.#strings = strings;
    this.#resources = resources;
  }

  /** The caller may change what it gets. */
  hits(term: SpanTerm): WordHits {
    if (term.type === 'text') {
      const wanted = term.text.toLowerCase();
      const holds = (text: string | undefined): boolean => text?.toLowerCase().includes(wanted) === true;
      return {
        strings: anyOf(this.holding(term.text).slice()),
        resources: this.#resourcesThat(
          row => holds(row.serviceName) || row.attributes.some(each => holds(scalarText(each.value))),
        ),
      };
    }
    const { key, value } = term;
    switch (key) {
      case 'name':
        return { strings: this.#equal(value), resources: undefined };
      case 'service':
        return { strings: undefined, resources: this.#resourcesThat(row => row.serviceName === value) };
      default: {
        const isWanted = (each: Attribute): boolean => each.key === key && scalarText(each.value) === value;
        return { strings: undefined, resources: this.#resourcesThat(row => row.attributes.some(isWanted)) };
      }
    }
  }

  /** Per string: 1 where `text` occurs in it, without case. The empty text occurs nowhere. */
  holding(text: string): Uint8Array {
    const wanted = text.toLowerCase();
    const known = this.#answers.find(answer => answer.text === wanted);
    if (known !== undefined) return known.hits;
    const shorter = this.#answers.filter(answer => wanted.includes(answer.text));
    const within = shorter.sort((a, b) => b.text.length - a.text.length)[0]?.hits;
    const hits = new Uint8Array(this.#strings.length);
    for (let i = 0; wanted !== '' && i < hits.length; i++) {
      if (within !== undefined && within[i] === 0) continue;
      if (this.#strings[i].toLowerCase().includes(wanted)) hits[i] = 1;
    }
    if (wanted !== '') this.#answers = [{ text: wanted, hits }, ...this.#answers].slice(0, MOST_ANSWERS);
    return hits;
  }

  /** Strings are distinct: one at most. */
  #equal(text: string): Uint8Array | undefined {
    const at = this.#strings.indexOf(text);
    if (at < 0) return undefined;
    const hits = new Uint8Array(this.#strings.length);
    hits[at] = 1;
    return hits;
  }

  #resourcesThat(test: (row: ResourceRow) => boolean): Uint8Array | undefined {
    return anyOf(Uint8Array.from(this.#resources, row => (test(row) ? 1 : 0)));
  }
}

function anyOf(hits: Uint8Array): Uint8Array | undefined {
  return hits.includes(1) ? hits : undefined;
}
