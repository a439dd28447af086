import { WARNINGS_KEY } from '#decoding/jaeger/jaeger-trace.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { valueText } from '#domain/trace/value-text.ts';

export interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  readonly value: string | boolean | number;
}

/** Attributes in Jaeger's types: lists and maps as JSON text, what has no value as ''; warnings are none of them. */
export function jaegerTags(attributes: readonly Attribute[]): JaegerTag[] {
  return attributes.filter(attribute => !isWarnings(attribute)).map(({ key, value }) => ({ key, ...typed(value) }));
}

export function textTag(key: string, value: string): JaegerTag {
  return { key, type: 'string', value };
}

/** The sentences among attributes. */
export function warningsIn(attributes: readonly Attribute[]): readonly string[] {
  return attributes
    .filter(isWarnings)
    .flatMap(({ value }) => (value.type === 'list' ? value.value.map(valueText) : []));
}

function isWarnings({ key, value }: Attribute): boolean {
  return key === WARNINGS_KEY && value.type === 'list' && value.value.every(({ type }) => type === 'string');
}

function typed(value: AttributeValue): Omit<JaegerTag, 'key'> {
  switch (value.type) {
    case 'bool':
      return { type: 'bool', value: value.value };
    case 'int': {
      const number = Number(value.value);
      // Jaeger writes what JavaScript would round as text, under the same type.
      return { type: 'int64', value: Number.isSafeInteger(number) ? number : String(value.value) };
    }
    case 'double': {
      const isJson = Number.isFinite(value.value) && !Object.is(value.value, -0);
      return { type: 'float64', value: isJson ? value.value : valueText(value) };
    }
    case 'bytes':
      return { type: 'binary', value: valueText(value) };
    default:
      return { type: 'string', value: valueText(value) };
  }
}
