import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { valueText } from '#domain/trace/value-text.ts';

/** `key=value`; values with white space, quotes or equals signs in quotes, as the find field and a shell read them. */
export function keyValueText({ key, value }: Attribute): string {
  const text = valueText(value);
  return `${key}=${text === '' || /[\s"'=\\$`]/.test(text) ? JSON.stringify(text) : text}`;
}

/** One attribute as a line of JSON, `{"http.route": "/cart"}`; all of them as an indented object. */
export function attributesJson(attributes: readonly Attribute[]): string {
  const lines = attributes.map(({ key, value }) => `${JSON.stringify(key)}: ${jsonValue(value)}`);
  return lines.length === 1 ? `{${lines[0]}}` : `{\n  ${lines.join(',\n  ')}\n}`;
}

/** The call that answers with the trace as OTLP JSON. */
export function curlCommand(url: string): string {
  return `curl -sS -H 'Accept: application/json' '${url.replaceAll("'", "'\\''")}'`;
}

/** Ints stay exact numbers; what JSON has no number for is its text. */
function jsonValue(value: AttributeValue): string {
  switch (value.type) {
    case 'int':
    case 'bool':
      return String(value.value);
    case 'double':
      return Number.isFinite(value.value) ? valueText(value) : JSON.stringify(String(value.value));
    case 'empty':
      return 'null';
    case 'list':
    case 'map':
      return valueText(value);
    default:
      return JSON.stringify(valueText(value));
  }
}
