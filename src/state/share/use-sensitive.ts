import { useEffect, useState } from 'react';
import { queryTexts } from '#domain/share/query-texts.ts';
import { findSensitive, type Sensitive, type SharedText } from '#domain/share/sensitive.ts';
import { baggageTest } from '#domain/trace/baggage.ts';
import { scalarText } from '#domain/trace/span-details.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { beginWork } from '#state/idle.ts';
import type { UrlState } from '#state/url/url-state.ts';

/** Different values of one baggage key that are looked at. */
const MOST_VALUES = 200;

/**
 * What in the link or in the baggage of the open trace looks like a secret or a person's data. The link is told at once,
 * baggage when it has been read.
 */
export function useSensitive(
  url: UrlState,
  table: TraceTable | undefined,
  keys: readonly string[],
): readonly Sensitive[] {
  const { span } = url;
  const [baggage, setBaggage] = useState<readonly SharedText[]>([]);
  useEffect(() => {
    if (table === undefined) return;
    let isCurrent = true;
    const done = beginWork();
    baggageTexts(table, span, keys)
      .then(texts => {
        if (isCurrent) setBaggage(texts);
      })
      .catch(() => undefined) // Released with the trace: there is nobody to tell.
      .finally(done);
    return () => {
      isCurrent = false;
    };
  }, [table, span, keys]);
  return findSensitive([...linkTexts(url), ...baggage]);
}

function linkTexts({ q, find, look, value }: UrlState): readonly SharedText[] {
  const fields: readonly [where: string, text: string][] = [
    ['the text looked for in the trace', find],
    ['the text looked for in the details', look],
    ['the text looked for in the facets', value],
  ];
  return [...queryTexts(q), ...fields.map(([where, text]) => ({ where, key: '', text }))];
}

/** Values of the keys that are configured, and of those that the first and the selected span show under a prefix. */
async function baggageTexts(
  table: TraceTable,
  span: UrlState['span'],
  keys: readonly string[],
): Promise<readonly SharedText[]> {
  const isBaggage = baggageTest(keys);
  const known = new Set(keys.filter(key => !key.endsWith('.')));
  const rows = new Set([0, span === undefined ? -1 : rowOfSpan(table, span)]);
  for (const row of rows) {
    if (row < 0 || row >= table.length) continue;
    for (const { key } of (await table.details.span(row)).attributes) if (isBaggage(key)) known.add(key);
  }
  const texts: SharedText[] = [];
  for (const key of known) {
    const { values } = await table.details.column(key);
    for (const value of values.slice(0, MOST_VALUES)) {
      texts.push({ where: `baggage ${key}`, key, text: scalarText(value) ?? '' });
    }
  }
  return texts;
}
