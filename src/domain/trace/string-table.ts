/** Every distinct string of a trace once; index 0 is ''. */
export interface StringTable {
  readonly size: number;
  at(index: number): string;
}

export function stringTable(strings: readonly string[]): StringTable {
  return { size: strings.length, at: index => strings[index] };
}
