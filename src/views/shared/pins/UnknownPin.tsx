import { EmptyState } from '#views/shared/EmptyState.tsx';
import { AllPins } from './AllPins.tsx';

/** There never was such a pin here, or it is gone for so long that nothing is remembered of it. */
export function UnknownPin({ id }: { id: string }) {
  return (
    <EmptyState title="There is no such pin here" actions={<AllPins />}>
      This server has no pin <span className="mono">{id}</span>. Pins that were removed or have expired are remembered
      for 400 days; this one may be older, or belong to another Throughline.
    </EmptyState>
  );
}
