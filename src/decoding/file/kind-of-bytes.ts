/** What to read bytes as, or why they are nothing that can be read. */
export type BytesKind = 'json' | 'binary' | { readonly message: string };

/** First bytes of formats that people pick by mistake. */
const OTHERS: readonly { readonly magic: readonly number[]; readonly message: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], message: 'This is a zip archive: unpack it and open what is in it' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], message: 'This is packed with zstd: unpack it first (gzip would be fine)' },
  { magic: [0x1f, 0x8b], message: 'This is packed twice: unpack it once and open the result' },
  { magic: [0xff, 0xfe], message: 'This is UTF-16 text: save it as UTF-8' },
  { magic: [0xfe, 0xff], message: 'This is UTF-16 text: save it as UTF-8' },
  { magic: [0x89, 0x50, 0x4e, 0x47], message: 'This is a picture, not a trace' },
];

/** By the first bytes, after a byte order mark and white space. */
export function kindOfBytes(bytes: Uint8Array): BytesKind {
  const other = OTHERS.find(({ magic }) => magic.every((byte, i) => bytes[i] === byte));
  if (other !== undefined) return { message: other.message };
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  // A protobuf message may begin with 0x0a, a line feed: white space decides nothing before what follows it.
  while (at < bytes.length && isSpace(bytes[at])) at++;
  if (at === bytes.length) return { message: 'The file is empty' };
  const isBracket = bytes[at] === 0x7b || bytes[at] === 0x5b;
  // A protobuf message that begins with a line feed may go on with its length, 91 or 123: a bracket.
  if (isBracket) return bytes[0] === 0x0a && hasControls(bytes, at) ? 'binary' : 'json';
  if (bytes[at] === 0x3c) return { message: 'This is HTML or XML, not a trace: perhaps a login page was saved' };
  const isText = bytes[0] !== 0x0a && !hasControls(bytes, at);
  return isText ? { message: 'This is text, but not JSON' } : 'binary';
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Whether the beginning holds what no text does. */
function hasControls(bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < Math.min(bytes.length, from + 256); i++) {
    if (bytes[i] < 0x20 && !isSpace(bytes[i])) return true;
  }
  return false;
}
