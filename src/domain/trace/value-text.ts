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
