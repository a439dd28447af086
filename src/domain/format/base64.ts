/** By the six bits that each stands for. */
export const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** bytes[from, to) in base64, padded. */
export function base64Of(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  for (let i = from; i < to; i += 3) {
    const left = to - i;
    const bits = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    text += BASE64_DIGITS[bits >>> 18] + BASE64_DIGITS[(bits >>> 12) & 63];
    text += left > 1 ? BASE64_DIGITS[(bits >>> 6) & 63] : '=';
    text += left > 2 ? BASE64_DIGITS[bits & 63] : '=';
  }
  return text;
}
