import { readText } from '#decoding/otlp/attributes.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * JSON text of bytes [from, to), which end or break in the middle of a value, up to the last span (or trace, or process)
 * that is whole; what is open there is closed. Undefined if nothing is whole. The bytes up to `to` are sound JSON otherwise.
 */
export function mendedJson(bytes: Uint8Array, from: number, to: number): string | undefined {
  const open: Level[] = [];
  let cut: { readonly end: number; readonly closers: string } | undefined;
  let name = '';
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at, to);
      // Only names of members are asked for, and the last text before a bracket is one.
      if (end - at < 32) name = readText(bytes, at + 1, end);
      else name = '';
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) {
      const isList = byte === 0x5b;
      // Elements of a list have no name of their own: whoever holds them is what counts.
      const holds = open.length === 0 || (open.at(-1)?.isList === true && open.length === 1) || WHOLES.has(name);
      open.push({ isList, holds: holds && (isList || name === 'processes') });
      name = '';
    } else if (byte === 0x7d || byte === 0x5d) {
      open.pop();
      if (open.at(-1)?.holds === true) cut = { end: at + 1, closers: closersOf(open) };
      name = '';
    }
  }
  return cut === undefined ? undefined : readText(bytes, from, cut.end) + cut.closers;
}

/** Members whose elements can stand alone. */
const WHOLES: ReadonlySet<string> = new Set(['spans', 'data', 'processes']);

interface Level {
  readonly isList: boolean;
  /** Its elements can stand alone. */
  readonly holds: boolean;
}

function closersOf(open: readonly Level[]): string {
  let closers = '';
  for (let i = open.length - 1; i >= 0; i--) closers += open[i].isList ? ']' : '}';
  return closers;
}

function endOfString(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 1;
  while (at < to && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
