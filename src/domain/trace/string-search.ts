const MOST_ANSWERS = 8;

/**
 * Looks for texts in the strings of a table, without case. Remembers the last answers: who types on is answered from the
 * strings that held the shorter text.
 */
export class StringSearch {
  readonly #strings: readonly string[];
  #answers: readonly { readonly text: string; readonly hits: Uint8Array }[] = [];

  constructor(strings: readonly string[]) {
    this.#strings = strings;
  }

  /** Per string: 1 where `text` occurs in it. The empty text occurs nowhere. */
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
}
