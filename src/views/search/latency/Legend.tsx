import type { LatencyUnit } from '#domain/api/latency-api.ts';
import { formatCount } from '#domain/format/number.ts';
import { STEPS } from './draw-heatmap.ts';

/** What the colours of cells mean. */
export function Legend({ most, of }: { most: number; of: LatencyUnit }) {
  return (
    <span className="lat-legend">
      {most > 1 && '1'}
      <span className="lat-ramp">
        {Array.from({ length: STEPS }, (_, step) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a colour is its step
          <i key={step} style={{ background: `var(--heat-${step})` }} />
        ))}
      </span>
      {formatCount(most)} {of} a cell
      <i className="lat-error-key" />
      with errors
    </span>
  );
}
