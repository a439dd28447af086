import type { Choices } from './choices.ts';

/** Bytes with a few wounds: flipped, cut out, doubled, spliced with another message; in JSON also a token of another type. */
export function damage(choices: Choices, body: Uint8Array, other: Uint8Array, isJson: boolean): Uint8Array {
  let bytes = Buffer.from(body);
  for (let wounds = 1 + choices.below(3); wounds > 0; wounds--) {
    bytes = isJson && choices.chance(0.6) ? retype(choices, bytes) : wound(choices, bytes, other);
  }
  return bytes;
}

function wound(choices: Choices, bytes: Buffer<ArrayBuffer>, other: Uint8Array): Buffer<ArrayBuffer> {
  const at = choices.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + choices.below(choices.chance(0.5) ? 4 : 400));
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (choices.below(5)) {
    case 0:
      return Buffer.concat([before, middle.map(byte => byte ^ (1 << choices.below(8))), after]);
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, middle, middle, after]);
    case 3:
      return Buffer.concat([before, other.subarray(choices.below(other.length + 1))]);
    default:
      return Buffer.concat([before, choices.bytes(choices.below(12)), after]);
  }
}

const TOKENS = [
  'null',
  'true',
  '-1',
  '1.5',
  '1e999',
  '18446744073709551616',
  '"x"',
  '""',
  '[]',
  '{}',
  '[null]',
  '{"values":7}',
];

/** Replaces one scalar or empty value of JSON text. */
function retype(choices: Choices, bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  const text = bytes.toString('latin1');
  const values = [...text.matchAll(/(?<=[:[,])(?:"(?:[^"\\]|\\.)*"|-?\d[\d.e+-]*|true|false|null)(?=[,\]}])/g)];
  if (values.length === 0) return bytes;
  const { 0: old, index } = choices.of(values);
  return Buffer.from(text.slice(0, index) + choices.of(TOKENS) + text.slice(index + old.length), 'latin1');
}
