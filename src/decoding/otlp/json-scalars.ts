/** JSON's spellings of protobuf's scalars. `undefined` stands for "is not one". */

/**
 * A decimal number, also with a fraction or an exponent, as the exact integer it is: '1.0' is 1, '1.5' none. Beyond 40
 * digits it is in no range that protobuf has.
 */
export function exactInteger(text: string): bigint | undefined {
  if (/^-?\d{1,40}$/.test(text)) return BigInt(text);
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  const significant = digits.replace(/0+$/, '');
  const zeros = Number(exponent) - fraction.length + digits.length - significant.length;
  if (zeros < 0 || zeros + significant.length > 40) return undefined;
  return BigInt(`${sign}${significant}${'0'.repeat(zeros)}`);
}

/** A double as a JSON number's text or as protobuf's strings for what JSON lacks; a finite text that overflows is none. */
export function doubleOf(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  if (text === 'Infinity') return Number.POSITIVE_INFINITY;
  if (text === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Hex digits of either case. */
export function bytesOfHex(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
  if ((to - from) % 2 !== 0) return undefined;
  const decoded = new Uint8Array((to - from) / 2);
  for (let i = 0; i < decoded.length; i++) {
    const high = HEX_DIGITS[bytes[from + 2 * i]];
    const low = HEX_DIGITS[bytes[from + 2 * i + 1]];
    if (high < 0 || low < 0) return undefined;
    decoded[i] = (high << 4) | low;
  }
  return decoded;
}

/** bytes[from, to) as lower-case hex digits. */
export function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += HEX[bytes[i]];
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Base64 of either alphabet, padded or not. */
export function bytesOfBase64(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
  let end = to;
  while (end > from && to - end < 2 && bytes[end - 1] === 0x3d) end--;
  const digits = end - from;
  if (digits % 4 === 1 || (end < to && (to - from) % 4 !== 0)) return undefined;
  const decoded = new Uint8Array(Math.floor((digits * 6) / 8));
  let bits = 0;
  let length = 0;
  for (let i = 0; i < digits; i++) {
    const digit = BASE64_DIGITS[bytes[from + i]];
    if (digit < 0) return undefined;
    bits = (bits << 6) | digit;
    // Every digit but the first of four completes a byte.
    if (i % 4 !== 0) decoded[length++] = bits >>> (6 - 2 * (i % 4));
  }
  return decoded;
}

const HEX_DIGITS = digitTable('0123456789abcdef');
for (let i = 0; i < 6; i++) HEX_DIGITS[0x41 + i] = 10 + i;

const BASE64_DIGITS = digitTable('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
BASE64_DIGITS[0x2d] = 62;
BASE64_DIGITS[0x5f] = 63;

function digitTable(digits: string): Int8Array {
  const table = new Int8Array(256).fill(-1);
  for (let i = 0; i < digits.length; i++) table[digits.charCodeAt(i)] = i;
  return table;
}
