import type { LatencyUnit } from '#domain/api/latency-api.ts';
import { formatCount } from '#domain/format/number.ts';
import { stepOf } from './draw-heatmap.ts';

/** What the colours of cells mean. */
export function Legend({ most, of }: { most: number; of: LatencyUnit }) {
  const first = stepOf(1, most);
  const steps = Array.from({ length: stepOf(most, most) - first + 1 }, (_, i) => first + i);
  return (
    <span className="lat-legend">
      {most > 1 && '1'}
      <span className="lat-ramp">
        {steps.map(step => (
          <i key={step} style={{ background: `var(--heat-${step})` }} />
        ))}
      </span>
      {formatCount(most)} {of} a cell
      <i className="lat-error-key" />
      with errors
    </span>
  );
}
