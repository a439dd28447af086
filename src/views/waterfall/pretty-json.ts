/** Larger texts are not tried as JSON. */
export const MOST_JSON = 262_144;
const INDENT = '  ';

/**
 * Indented JSON, if the text is JSON of a list or map; undefined otherwise. Only white space changes: numbers keep every
 * digit, which parsing them would not. Empty lists and maps stay closed.
 */
export function prettyJson(text: string): string | undefined {
  if (text.length > MOST_JSON || !/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const parts: string[] = [];
  let depth = 0;
  let opened = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    const closes = token === ']' || token === '}';
    if (closes) depth--;
    // After an opening bracket and before a closing one, but not between the two.
    if (opened !== closes) parts.push('\n', INDENT.repeat(depth));
    opened = token === '[' || token === '{';
    if (opened) depth++;
    parts.push(token);
    if (token === ',') parts.push('\n', INDENT.repeat(depth));
    if (token === ':') parts.push(' ');
  }
  return parts.join('');
}
