import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { useRibbon } from '#state/explore/use-ribbon.ts';
import type { RibbonColours } from '#views/shared/ribbon/draw-ribbon.ts';
import { RibbonPicture } from '#views/shared/ribbon/RibbonPicture.tsx';
import type { RibbonScale } from '#views/shared/ribbon/ribbon-scale.ts';

/** The shape of a found trace, fetched while it is in sight. */
export function RibbonCanvas({
  trace,
  scale,
  colours,
}: {
  trace: TraceSummary;
  scale: RibbonScale;
  colours: RibbonColours;
}) {
  const { ribbon, failed } = useRibbon(trace);
  return (
    <RibbonPicture ribbon={ribbon} failed={failed} durationNs={trace.durationNs} scale={scale} colours={colours} />
  );
}
