import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import type { FieldCounts } from '#domain/api/server-api.ts';
import type { TimeWindow } from '#sources/trace-source.ts';
import { facetsQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useSettled } from '#state/use-settled.ts';

export type { FieldCounts };

/** Values listed per field; the rest is told as a number. */
export const LISTED_VALUES = 50;
const TYPING_MS = 200;
const LIVE_MS = 10_000;

export interface FacetsState {
  /** By field; undefined where the source does not count. */
  readonly counts: ReadonlyMap<string, FieldCounts> | undefined;
  readonly isPending: boolean;
  readonly error: Error | null;
  /** The text that `counts` was narrowed by. */
  readonly find: string;
}

/** Traces per value of each field, for a query in the URL's range. */
export function useFacets(fields: readonly string[], query: string, find: string, enabled: boolean): FacetsState {
  const source = useSource();
  const settled = useSettled(find.trim(), TYPING_MS);
  const request = { query, fields, limit: LISTED_VALUES, find: settled, ...useCalmWindow(query) };
  const canCount = source.facets !== undefined;
  const { data, isPending, isPlaceholderData, error } = useQuery({
    ...facetsQuery(source, request),
    enabled: enabled && canCount && fields.length > 0,
  });
  const counts = useMemo(() => data && new Map(data.fields.map(entry => [entry.field, entry])), [data]);
  return { counts, isPending: canCount && isPending, error, find: isPlaceholderData ? '' : settled };
}

/** The range; while it follows live mode, taken anew every ten seconds only, as counting costs more than listing. */
function useCalmWindow(question: string): TimeWindow {
  const { live } = useUrl();
  const { startUnixNano, endUnixNano, nowMs } = useResolvedRange();
  const last = useRef<{ question: string; nowMs: number; window: TimeWindow }>(undefined);
  const kept = last.current;
  const isKept = live && kept !== undefined && kept.question === question && nowMs - kept.nowMs < LIVE_MS;
  if (!isKept && kept?.window.startUnixNano === startUnixNano && kept.window.endUnixNano === endUnixNano) {
    return kept.window;
  }
  if (!isKept) last.current = { question, nowMs, window: { startUnixNano, endUnixNano } };
  return last.current!.window;
}
