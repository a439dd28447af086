import { useQueries } from '@tanstack/react-query';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type { TraceId } from '#domain/ids.ts';
import { ribbonQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';

export interface RibbonState {
  readonly ribbon: Ribbon | undefined;
  readonly failed: boolean;
}

/** The shapes of some traces whose size nobody told. */
export function useRibbons(ids: readonly TraceId[]): readonly RibbonState[] {
  const source = useSource();
  const found = useQueries({ queries: ids.map(id => ribbonQuery(source, id, 0)) });
  return found.map(({ data, isError }) => ({ ribbon: data, failed: isError }));
}
