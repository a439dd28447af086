/** Nanoseconds per unit, as Go's durations spell them. */
const UNIT_NS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

export const MAX_INT = 9_223_372_036_854_775_807n;
export const MIN_INT = -9_223_372_036_854_775_808n;

const DURATION_PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;

/** `1h30m`, `0.4s`, `10ms` → ns; undefined if it is no duration or exceeds 64 bits. The sign is not part of it. */
export function parseDuration(text: string): bigint | undefined {
  DURATION_PART.lastIndex = 0;
  let total = 0n;
  let end = 0;
  while (end < text.length) {
    const part = DURATION_PART.exec(text);
    if (part === null) return undefined;
    const [, whole = '', fraction = '', unit = ''] = part;
    if (whole === '' && fraction === '') return undefined;
    if (whole.length > 20 || fraction.length > 40) return undefined;
    const scale = UNIT_NS.get(unit) ?? 1n;
    total += BigInt(whole || '0') * scale;
    // Digits below one nanosecond are cut, as Go does.
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    if (total > MAX_INT) return undefined;
    end = DURATION_PART.lastIndex;
  }
  return end === 0 ? undefined : total;
}

const PRINT_UNITS: readonly (readonly [string, bigint])[] = [
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
];

/** The shortest single-unit form that is exact (`90m`, `1500ms`); `parseDuration` of it gives the same number. */
export function printDuration(ns: bigint): string {
  if (ns === 0n) return '0s';
  const magnitude = ns < 0n ? -ns : ns;
  for (const [unit, scale] of PRINT_UNITS) {
    if (magnitude % scale === 0n) return `${ns / scale}${unit}`;
  }
  return `${ns}ns`;
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
]);

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|((?:\\?x[0-9a-fA-F]{2})+)|([0-7]{3})|([abfnrtv\\"]))/y;

/** The content of a double-quoted Go literal, escapes resolved; undefined if an escape is not one of Go's. */
export function unescapeGo(content: string): string | undefined {
  if (!content.includes('\\')) return content;
  let out = '';
  let from = 0;
  for (let at = content.indexOf('\\'); at !== -1; at = content.indexOf('\\', from)) {
    out += content.slice(from, at);
    ESCAPE.lastIndex = at;
    const match = ESCAPE.exec(content);
    if (match === null) return undefined;
    const [, short, long, bytes, octal, simple] = match;
    if (simple !== undefined) out += SIMPLE_ESCAPES.get(simple) ?? '';
    else if (bytes !== undefined) out += decodeBytes(bytes.replaceAll('\\', ''));
    else if (octal !== undefined) {
      const code = Number.parseInt(octal, 8);
      if (code > 255) return undefined;
      out += decodeBytes(`x${code.toString(16).padStart(2, '0')}`);
    } else {
      const code = Number.parseInt(short ?? long ?? '', 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
      out += String.fromCodePoint(code);
    }
    from = ESCAPE.lastIndex;
  }
  return out + content.slice(from);
}

/** A run of `xHH`: UTF-8 bytes; what is not UTF-8 becomes the replacement character. */
function decodeBytes(run: string): string {
  try {
    return decodeURIComponent(run.replaceAll('x', '%'));
  } catch {
    return '\ufffd';
  }
}

/** The reverse of `unescapeGo`, with the quotes. Control characters and the end of a comment are escaped. */
export function quoteGo(value: string): string {
  const escaped = value.replace(/["\\\u0000-\u001f\u007f\u2028\u2029\ud800-\udfff]/gu, c => {
    if (c === '"' || c === '\\') return `\\${c}`;
    if (c === '\n') return '\\n';
    if (c === '\t') return '\\t';
    const code = c.charCodeAt(0);
    // A lone surrogate is not text: Go could not hold it either.
    if (code >= 0xd800 && code < 0xe000) return '\\ufffd';
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}
