import { memo } from 'react';
import type { LatencyUnit, RedSeries } from '#domain/api/latency-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatPercent, significant } from '#domain/format/number.ts';
import type { DurationTick } from '#views/shared/duration-ticks.ts';
import type { TimeTick } from '#views/shared/time-ticks.ts';
import type { Plot } from './plot.ts';
import type { RedLines } from './red-lines.ts';
import type { VersionLabel } from './version-labels.ts';

const LINE_HEIGHT = 12;

/** The words beside the marks: axes, names of the strips, versions. */
export const PlotLabels = memo(function PlotLabels({
  plot,
  of,
  times,
  durations,
  versions,
}: {
  plot: Plot;
  of: LatencyUnit;
  times: readonly TimeTick[];
  durations: readonly DurationTick[];
  versions: readonly VersionLabel[];
}) {
  const { heat, left } = plot;
  const strip = (top: number, name: string, unit: string) => (
    <span className="lat-strip" style={{ top }}>
      {name}
      <span>{unit}</span>
    </span>
  );
  return (
    <div aria-hidden="true" className="lat-labels">
      {plot.hasStrips && (
        <>
          {strip(plot.rate.top, 'Rate', `${of}/s`)}
          {strip(plot.errors.top, 'Errors', `of ${of}`)}
          {strip(plot.latency.top + 6, 'Latency', 'log')}
          {heat.height > 0 && strip(plot.latency.top + plot.latency.height, 'Duration', '')}
        </>
      )}
      {durations.map(({ ns, label }) => (
        <span key={ns} className="lat-y" style={{ top: plot.y(ns), width: left - 4 }}>
          {label}
        </span>
      ))}
      {times.map(({ unixMs, label }) => (
        <span key={unixMs} className="lat-x" style={{ left: plot.x(unixMs), top: heat.top + heat.height + 4 }}>
          {label}
        </span>
      ))}
      {versions.map(({ x, text, side, shown }) => (
        <span
          key={`${x} ${text}`}
          className={`lat-version ${side} ${shown ? '' : 'mark-only'}`}
          style={{ left: x }}
          data-tip={text}
        >
          {shown ? text : ''}
        </span>
      ))}
    </div>
  );
});

/** At the right of the strips: the values of one column. */
export function StripValues({
  red,
  lines,
  plot,
  column,
}: {
  red: RedSeries;
  lines: RedLines;
  plot: Plot;
  column: number;
}) {
  const left = plot.left + plot.width + 6;
  const share = lines.errorShare[column];
  const quantiles = [
    { name: 'p99', ns: red.p99Ns[column] ?? -1, y: lines.quantileY[2]?.[column] },
    { name: 'p95', ns: red.p95Ns[column] ?? -1, y: lines.quantileY[1]?.[column] },
    { name: 'p50', ns: red.p50Ns[column] ?? -1, y: lines.quantileY[0]?.[column] },
  ].filter(({ ns }) => ns >= 0);
  let floor = plot.latency.top - 8;
  return (
    <div aria-hidden="true" className="lat-labels">
      <span className="lat-value" style={{ left, top: plot.rate.top + 8 }}>
        {significant(lines.rate[column] ?? 0)}
      </span>
      <span className="lat-value" style={{ left, top: plot.errors.top + plot.errors.height - 12 }}>
        {share === undefined ? '·' : formatPercent(share)}
      </span>
      {quantiles.map(({ name, ns, y = 0 }) => {
        floor = Math.max(floor + LINE_HEIGHT, y - 7);
        return (
          <span key={name} className={`lat-value ${name}`} style={{ left, top: floor }}>
            {name} <span>{durationText(ns)}</span>
          </span>
        );
      })}
    </div>
  );
}
