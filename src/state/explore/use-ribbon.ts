import { useQuery } from '@tanstack/react-query';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { ribbonQuery } from '#state/queries.ts';
import { useSource } from '#state/source-context.ts';

/** The shape of a trace, fetched while the component that shows it is mounted. */
export function useRibbon(trace: TraceSummary): { ribbon: Ribbon | undefined; failed: boolean } {
  const source = useSource();
  const { data, isError } = useQuery(ribbonQuery(source, trace.traceId, trace.spanCount));
  return { ribbon: data, failed: isError };
}
