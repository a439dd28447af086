import { base64Of } from '#domain/format/base64.ts';
import type { AttributeValue } from './trace-table.ts';

/** The value as text: scalars exactly as they are, bytes in base64, lists and maps as JSON. */
export function valueText(value: AttributeValue): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'bool':
    case 'int':
      return String(value.value);
    case 'double':
      return Object.is(value.value, -0) ? '-0' : String(value.value);
    case 'bytes':
      return base64Of(value.value);
    case 'empty':
      return '';
    case 'list':
    case 'map':
      return jsonText(value);
  }
}

/** JSON of a nested value. Depth is bounded by the decoder, so recursion is too. */
function jsonText(value: AttributeValue): string {
  switch (value.type) {
    case 'list':
      return `[${value.value.map(jsonText).join(', ')}]`;
    case 'map':
      return `{${value.value.map(({ key, value: inner }) => `${JSON.stringify(key)}: ${jsonText(inner)}`).join(', ')}}`;
    case 'bool':
    case 'int':
      return String(value.value);
    case 'double':
      return Number.isFinite(value.value) ? valueText(value) : JSON.stringify(String(value.value));
    case 'empty':
      return 'null';
    default:
      return JSON.stringify(valueText(value));
  }
}

/** The beginning of a value's text. */
export interface ValueHead {
  readonly text: string;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/** As `valueText`, but no more than its first `most` characters: a list of a million is not written out for that. */
export function valueHead(value: AttributeValue, most: number): ValueHead {
  const parts: string[] = [];
  if (value.type === 'list' || value.type === 'map') writeJson(value, parts, most);
  else parts.push(scalarHead(value, most));
  const text = parts.join('');
  return { text: text.slice(0, most), isWhole: text.length <= most };
}

/** The text of a scalar, or a beginning of it that is longer than `most`. */
function scalarHead(value: AttributeValue, most: number): string {
  if (value.type === 'string') return value.value.slice(0, most + 1);
  // Four characters for three bytes.
  return value.type === 'bytes' ? base64Of(value.value.subarray(0, 3 * Math.ceil((most + 1) / 4))) : valueText(value);
}

/** Adds the JSON of a value until `left` characters are written; returns how many are left then, negative if it was cut. */
function writeJson(value: AttributeValue, parts: string[], left: number): number {
  const write = (text: string): void => {
    parts.push(text);
    left -= text.length;
  };
  if (value.type === 'string' || value.type === 'bytes') write(JSON.stringify(scalarHead(value, Math.max(0, left))));
  else if (value.type !== 'list' && value.type !== 'map') write(jsonText(value));
  else {
    const [open, close] = value.type === 'list' ? '[]' : '{}';
    write(open);
    for (const [i, item] of value.value.entries()) {
      if (left < 0) return left;
      if (i > 0) write(', ');
      if ('key' in item) write(`${JSON.stringify(item.key)}: `);
      left = writeJson('key' in item ? item.value : item, parts, left);
    }
    write(close);
  }
  return left;
}
