import type { SpanDetail } from './span-details.ts';
import type { Attribute, AttributeValue } from './trace-table.ts';

/** A key and a value of baggage. */
export type BaggageMember = readonly [key: string, value: string];

/**
 * The members of a W3C `baggage` header, percent-decoded, in order: `tenant.id=acme,user.id=u%201;ttl=5`. Properties
 * (after `;`) are left out, and so is what is no member.
 */
export function parseBaggageHeader(header: string): BaggageMember[] {
  const members: BaggageMember[] = [];
  for (const part of header.split(',')) {
    const [pair] = part.split(';', 1);
    const at = pair.indexOf('=');
    const key = percentDecoded(pair.slice(0, Math.max(0, at)).trim());
    if (key !== '') members.push([key, percentDecoded(pair.slice(at + 1).trim())]);
  }
  return members;
}

/**
 * The baggage that a span shows: attributes whose key is configured as baggage, a captured `baggage` request header,
 * and Jaeger's log events. Each member once, by key. `eventNames` are those of the span's events.
 */
export function baggageOf(
  detail: SpanDetail,
  eventNames: readonly string[],
  resourceAttributes: readonly Attribute[],
  baggageKeys: readonly string[],
): BaggageMember[] {
  const found = new Map<string, BaggageMember>();
  const add = (key: string, value: string) => found.set(`${key}=${value}`, [key, value]);
  const isBaggage = baggageTest(baggageKeys);
  for (const { key, value } of [...detail.attributes, ...resourceAttributes]) {
    if (key === BAGGAGE_HEADER) {
      for (const text of textsOf(value)) for (const member of parseBaggageHeader(text)) add(...member);
    } else if (isBaggage(key)) for (const text of textsOf(value)) add(key.replace(/^baggage\./, ''), text);
  }
  for (const [i, event] of detail.events.entries()) {
    const named = (key: string) => textsOf(event.attributes.findLast(attribute => attribute.key === key)?.value)[0];
    if (eventNames[i] !== 'baggage' && named('event') !== 'baggage') continue;
    const [key, value, header] = [named('key'), named('value'), named(BAGGAGE_HEADER)];
    if (key !== undefined && value !== undefined) add(key, value);
    if (header !== undefined) for (const member of parseBaggageHeader(header)) add(...member);
  }
  return [...found.values()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

const BAGGAGE_HEADER = 'http.request.header.baggage';

/** Whether a key counts as baggage: exact keys, and prefixes where an entry ends in '.'. */
export function baggageTest(keys: readonly string[]): (key: string) => boolean {
  const exact = new Set(keys.filter(key => !key.endsWith('.')));
  const prefixes = keys.filter(key => key.endsWith('.'));
  return key => exact.has(key) || prefixes.some(prefix => key.startsWith(prefix));
}

/** A value as baggage text: lists by element, nothing for what has no text. */
function textsOf(value: AttributeValue | undefined): readonly string[] {
  if (value?.type === 'list') return value.value.flatMap(element => (element.type === 'list' ? [] : textsOf(element)));
  if (value === undefined || value.type === 'empty' || value.type === 'bytes' || value.type === 'map') return [];
  return [String(value.value)];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
