import type { LatencyUnit, RedSeries } from '#domain/api/latency-api.ts';
import { formatCount, formatPercent, significant } from '#domain/format/number.ts';
import { formatInstant } from '#domain/time/clock.ts';
import type { Clock } from '#views/search/box-text.ts';
import { DurationText } from '#views/shared/DurationText.tsx';

/** The chart in words and numbers: one row per column that holds something. */
export function LatencyTable({
  red,
  of,
  clock,
  estimated,
}: {
  red: RedSeries | undefined;
  of: LatencyUnit;
  clock: Clock;
  estimated: boolean;
}) {
  if (!red) return <p className="lat-empty">This source does not tell rates over time.</p>;
  const start = BigInt(red.startUnixNano);
  const columns = red.counts.flatMap((count, column) => (count > 0 ? [column] : []));
  const time = (column: number) =>
    formatInstant(start + BigInt(Math.round(column * red.stepNs)), clock.zone, 'time').slice(0, 8);
  const sign = estimated ? '≈' : '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="lat-table" tabIndex={0} aria-label="Latencies over time as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">{of === 'spans' ? 'Spans' : 'Traces'}</th>
            <th scope="col">per second</th>
            <th scope="col">Errors</th>
            <th scope="col">of {of}</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(column => (
            <tr key={column}>
              <th scope="row">{time(column)}</th>
              <td>
                {sign}
                {formatCount(red.counts[column]!)}
              </td>
              <td>{significant(red.counts[column]! / (red.stepNs / 1e9))}</td>
              <td className={red.errors[column]! > 0 ? 'err' : 'mut'}>
                {red.errors[column]! > 0 ? formatCount(red.errors[column]!) : '·'}
              </td>
              <td className="sec">
                {red.errors[column]! > 0 ? formatPercent(red.errors[column]! / red.counts[column]!) : '·'}
              </td>
              {[red.p50Ns, red.p95Ns, red.p99Ns].map((list, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: three quantiles in their order
                <td key={i}>{list[column]! >= 0 ? <DurationText ns={list[column]!} /> : '·'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {columns.length === 0 && <p className="lat-empty">Nothing in this range.</p>}
    </section>
  );
}
