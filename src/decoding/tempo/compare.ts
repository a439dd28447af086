import type { TagValue } from '#domain/search/trace-summary.ts';
import { listOf, numberOf, objectOf, textOf } from './json.ts';

/** One series of an instant `compare()`. */
export interface ComparedSeries {
  readonly side: 'selection' | 'rest';
  /** In TraceQL. */
  readonly field: string;
  /** Undefined: spans that have the field at all. */
  readonly value: TagValue | undefined;
  readonly count: number;
}

const TYPES = { stringValue: 'string', intValue: 'int', doubleValue: 'float', boolValue: 'bool' } as const;
const KEYWORDS = new Set(['status', 'kind']);

/** The reply of `GET /api/metrics/query` to a query that ends in `compare(…)`. Series of other shapes are left out. */
export function decodeCompare(json: unknown): readonly ComparedSeries[] {
  return listOf(objectOf(json).series).flatMap((one): ComparedSeries[] => {
    const { labels, value: count } = objectOf(one);
    const pairs = listOf(labels).map(objectOf);
    const type = textOf(objectOf(pairs.find(({ key }) => key === '__meta_type')?.value).stringValue);
    const [, side, total] = /^(baseline|selection)(_total)?$/.exec(type) ?? [];
    const field = pairs.find(({ key }) => key !== '__meta_type');
    if (side === undefined || field === undefined) return [];
    const name = textOf(field.key);
    return [
      {
        side: side === 'baseline' ? 'rest' : 'selection',
        field: name,
        value: total === undefined ? tagValueOf(name, objectOf(field.value)) : undefined,
        count: numberOf(count),
      },
    ];
  });
}

function tagValueOf(field: string, value: Readonly<Record<string, unknown>>): TagValue {
  for (const [key, type] of Object.entries(TYPES)) {
    const found = value[key];
    if (typeof found === 'object' || found === undefined) continue;
    return { type: KEYWORDS.has(field) ? 'keyword' : type, value: String(found) };
  }
  return { type: 'string', value: '' };
}
