import { formatRange } from '#domain/time/clock.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';

/** The range that is shown, to the second, with its zone. */
export function useWhen(): string {
  const zone = useZone();
  const { fromMs, toMs, nowMs } = useResolvedRange();
  return formatRange(Math.floor(fromMs / 1000) * 1000, Math.floor(toMs / 1000) * 1000, zone, nowMs);
}
