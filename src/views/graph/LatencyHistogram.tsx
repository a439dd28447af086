import { useMemo } from 'react';
import type { CallsAnswer } from '#domain/api/graph-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { histogramShape } from './histogram-shape.ts';
import { PLOT_WIDTH } from './plot-width.ts';

const HEIGHT = 88;

/** How long calls took, now filled, before as a line; each as a share of its own calls. */
export function LatencyHistogram({ answer }: { answer: CallsAnswer }) {
  const { now, before } = answer;
  const shape = useMemo(() => histogramShape(now.histogram, before?.histogram, PLOT_WIDTH, HEIGHT), [now, before]);
  const sentence = [
    `Now ${formatCount(now.calls)} calls, p50 ${durationText(now.p50Ns)}, p95 ${durationText(now.p95Ns)}`,
    ...(before === undefined || before.calls === 0
      ? []
      : [
          `before ${formatCount(before.calls)} calls, p50 ${durationText(before.p50Ns)}, p95 ${durationText(before.p95Ns)}`,
        ]),
  ].join('; ');
  return (
    <section className="sg-section">
      <header>
        <h3>Latency</h3>
        <span className="grow" />
        <span className="mut t11">
          <span className="sg-now-key" /> now, n = {formatCount(now.calls)}
        </span>
        {before !== undefined && (
          <span className="mut t11">
            <span className="sg-before-key" /> before, n = {formatCount(before.calls)}
          </span>
        )}
      </header>
      {shape === undefined ? (
        <p className="mut">No calls to measure.</p>
      ) : (
        <svg className="sg-plot" width={PLOT_WIDTH} height={HEIGHT + 20} role="img" aria-label={sentence}>
          {shape.ticks.map(({ x }) => (
            <path key={x} className="sg-grid" d={`M${x} 0V${HEIGHT}`} />
          ))}
          {shape.bars.map(bar => (
            <rect key={bar.x} className="sg-now-bar" {...bar} />
          ))}
          {shape.outline !== '' && <path className="sg-before-line" d={shape.outline} />}
          <path className="sg-base" d={`M0 ${HEIGHT + 0.5}H${PLOT_WIDTH}`} />
          {shape.ticks.map(({ x, label }) => (
            <text key={x} x={x} y={HEIGHT + 15} textAnchor={anchorAt(x)}>
              {label}
            </text>
          ))}
        </svg>
      )}
    </section>
  );
}

function anchorAt(x: number): 'start' | 'middle' | 'end' {
  return x < 16 ? 'start' : x > PLOT_WIDTH - 16 ? 'end' : 'middle';
}
