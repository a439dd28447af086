import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { valueHead } from '#domain/trace/value-text.ts';

/** What lies deeper in a value is not searched while somebody types. */
export const MOST_SEARCHED = 65_536;

const texts = new WeakMap<AttributeValue, { readonly text: string; readonly isWhole: boolean }>();

/** Whether key or value of an attribute holds `wanted`, which is in small letters. */
export function holdsText({ key, value }: Attribute, wanted: string): boolean {
  return key.toLowerCase().includes(wanted) || searched(value).text.includes(wanted);
}

/** Whether some of a value is not searched. */
export function isSearchedInPart({ value }: Attribute): boolean {
  return !searched(value).isWhole;
}

/** Put into small letters once: a long value is not gone through again for every letter. */
function searched(value: AttributeValue) {
  let known = texts.get(value);
  if (known === undefined) {
    const { text, isWhole } = valueHead(value, MOST_SEARCHED);
    known = { text: text.toLowerCase(), isWhole };
    texts.set(value, known);
  }
  return known;
}
