import { isObject, jsonValue, listOf, member, textOf } from '#decoding/file/foreign-values.ts';
import { bytesOfBase64 } from '#decoding/otlp/json-scalars.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';

/** Jaeger's key/value pairs in their types. A value that is not of the type it claims is kept as it is written. */
export function jaegerAttributes(tags: unknown): Attribute[] {
  return listOf(tags).flatMap(tag => {
    if (!isObject(tag)) return [];
    return [{ key: textOf(member(tag, 'key')), value: typedValue(textOf(member(tag, 'type')), member(tag, 'value')) }];
  });
}

const MAX_INT = 2n ** 63n;

function typedValue(type: string, value: unknown): AttributeValue {
  const text = typeof value === 'string' ? value : undefined;
  switch (type.toLowerCase()) {
    case 'bool':
      if (text === 'true' || text === 'false') return { type: 'bool', value: text === 'true' };
      break;
    case 'int64':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return { type: 'int', value: BigInt(value) };
      if (text !== undefined && /^-?\d{1,19}$/.test(text)) {
        const int = BigInt(text);
        if (int >= -MAX_INT && int < MAX_INT) return { type: 'int', value: int };
      }
      break;
    case 'float64':
      if (typeof value === 'number') return { type: 'double', value };
      if (
        text !== undefined &&
        /^(-?(\d|Infinity)|NaN)/.test(text) &&
        !(Number.isNaN(Number(text)) && text !== 'NaN')
      ) {
        return { type: 'double', value: Number(text) };
      }
      break;
    case 'binary': {
      const encoded = utf8.encode(text ?? '');
      const bytes = text === undefined ? undefined : bytesOfBase64(encoded, 0, encoded.length);
      if (bytes !== undefined) return { type: 'bytes', value: bytes };
      break;
    }
    case 'string':
      if (typeof value === 'number' || typeof value === 'boolean') return { type: 'string', value: String(value) };
      break;
    default:
  }
  return jsonValue(value);
}

const utf8 = new TextEncoder();
