/**
 * Tells texts that come back to an editor from texts that somebody else set. The page may draw later than letters are typed:
 * what comes back then is older than what the editor shows, and must not be put in its place.
 */
export class TypedTexts {
  #waiting: string[] = [];

  /** The editor shows `text`, where the page still has `known`. */
  typed(text: string, known: string): void {
    if (text === known) this.#waiting = [];
    else this.#waiting.push(text);
  }

  /** Whether `text`, given by the page, is to be shown instead of `shown`. */
  isNew(text: string, shown: string): boolean {
    const place = text === shown ? -1 : this.#waiting.indexOf(text);
    // Later ones are still to come, unless nothing later is.
    this.#waiting = place < 0 ? [] : this.#waiting.slice(place + 1);
    return place < 0 && text !== shown;
  }
}
