/** One search parameter: `parse` gives undefined for what it does not understand, and the default is used. */
export interface Codec<T> {
  readonly parse: (text: string) => T | undefined;
  readonly print: (value: T) => string;
  /** Of a list: whether `value` is all that the text names, or some of it could not be read. */
  readonly isWhole?: (text: string, value: T) => boolean;
}

/** One of a few words, written as it is. */
export function oneOf<T extends string>(words: readonly T[]): Codec<T> {
  return { parse: text => words.find(word => word === text), print: value => value };
}
