/** One search parameter: `parse` gives undefined for what it does not understand, and the default is used. */
export interface Codec<T> {
  readonly parse: (text: string) => T | undefined;
  readonly print: (value: T) => string;
}
