import { useQuery } from '@tanstack/react-query';
import type { FoundValue } from '#domain/api/server-api.ts';
import { findValueQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useSettled } from '#state/use-settled.ts';

export type { FoundValue };

const TYPING_MS = 200;
/** Shorter texts are part of everything. */
const SHORTEST = 2;
const LONGEST = 4096;

export interface FoundState {
  readonly found: readonly FoundValue[];
  readonly isPending: boolean;
}

const NONE: readonly FoundValue[] = [];

/** The fields that hold a text, in the URL's range; nothing where the source cannot tell. */
export function useFindValue(text: string, enabled: boolean): FoundState {
  const source = useSource();
  const { startUnixNano, endUnixNano } = useResolvedRange();
  const wanted = text.trim();
  const settled = useSettled(wanted, TYPING_MS);
  const isAsked = enabled && source.findValue !== undefined && settled.length >= SHORTEST && settled.length <= LONGEST;
  const { data, isFetching } = useQuery({
    ...findValueQuery(source, settled, { startUnixNano, endUnixNano }),
    enabled: isAsked,
  });
  return { found: isAsked && settled === wanted ? (data?.found ?? NONE) : NONE, isPending: isFetching };
}
