import type { CallsAnswer, CallsWindow, ChangedFigure, EdgeChange } from '#domain/api/graph-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatPercent } from '#domain/format/number.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { useZone } from '#state/use-store.ts';
import { timeTicks } from '#views/shared/time-ticks.ts';
import { courseShape } from './course-shape.ts';
import { PLOT_WIDTH } from './plot-width.ts';
import { rateText } from './texts.ts';

const HEIGHT = 34;

interface Figure {
  readonly title: string;
  readonly what: ChangedFigure;
  readonly value: (window: CallsWindow, column: number) => number | undefined;
  readonly print: (value: number) => string;
}

const FIGURES: readonly Figure[] = [
  {
    title: 'Calls',
    what: 'rate',
    value: ({ series, stepNs }, i) => series.calls[i]! / (stepNs / 1e9),
    print: rate => rateText(rate, 1),
  },
  {
    title: 'Errors',
    what: 'errors',
    value: ({ series }, i) => (series.calls[i] === 0 ? undefined : series.errors[i]! / series.calls[i]!),
    print: formatPercent,
  },
  {
    title: 'p95',
    what: 'p95',
    value: ({ series }, i) => (series.calls[i] === 0 ? undefined : series.p95Ns[i]!),
    print: durationText,
  },
];

/** Rate, errors and p95 over the window, each above the band in which it lay before. */
export function CallsOverTime({ answer, changes }: { answer: CallsAnswer; changes: readonly EdgeChange[] }) {
  const zone = useZone();
  const { now, before } = answer;
  const [startMs, endMs] = [now.startUnixNano, now.endUnixNano].map(text => Number(BigInt(text) / 1_000_000n)) as [
    number,
    number,
  ];
  const x = (unixMs: number) => Math.round(((unixMs - startMs) / (endMs - startMs)) * PLOT_WIDTH);
  const ticks = timeTicks(startMs, endMs, zone, 4);
  return (
    <section className="sg-section">
      <header>
        <h3>Over time</h3>
        {before !== undefined && <span className="mut t11">grey: where it lay before</span>}
      </header>
      {FIGURES.map(figure => {
        const since = changes.find(({ what }) => what === figure.what)?.firstBadUnixNano;
        return (
          <Course
            key={figure.what}
            figure={figure}
            now={now}
            before={before}
            bad={
              since === undefined
                ? undefined
                : { x: x(Number(BigInt(since) / 1_000_000n)), time: formatInstant(BigInt(since), zone, 'minute') }
            }
          />
        );
      })}
      <svg className="sg-plot" width={PLOT_WIDTH} height={14} aria-hidden="true">
        {ticks.map(({ unixMs, label }) => (
          <text
            key={unixMs}
            x={x(unixMs)}
            y={10}
            textAnchor={x(unixMs) < 16 ? 'start' : x(unixMs) > PLOT_WIDTH - 16 ? 'end' : 'middle'}
          >
            {label}
          </text>
        ))}
      </svg>
    </section>
  );
}

function Course({
  figure,
  now,
  before,
  bad,
}: {
  figure: Figure;
  now: CallsWindow;
  before: CallsWindow | undefined;
  bad: { readonly x: number; readonly time: string } | undefined;
}) {
  const values = valuesOf(figure, now);
  const { line, band, most } = courseShape(values, before ? valuesOf(figure, before) : [], PLOT_WIDTH, HEIGHT);
  const left = bad === undefined ? '' : `left its usual band at ${bad.time}`;
  const isEarly = bad !== undefined && bad.x < PLOT_WIDTH / 2;
  return (
    <div className="sg-course">
      <span className="t11 sec">{figure.title}</span>
      <span className="t11 mut">at most {figure.print(most)}</span>
      <svg
        className="sg-plot"
        width={PLOT_WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={`${figure.title} over time, at most ${figure.print(most)}${left === '' ? '' : `, ${left}`}`}
      >
        {band && <rect className="sg-band" x={0} y={band.y} width={PLOT_WIDTH} height={band.height} />}
        <path className="sg-base" d={`M0 ${HEIGHT - 0.5}H${PLOT_WIDTH}`} />
        <path className="sg-line" d={line} />
        {bad && <path className="sg-bad" d={`M${bad.x} 0V${HEIGHT}`} />}
        {bad && (
          <text className="sg-bad-text" x={bad.x + (isEarly ? 5 : -5)} y={10} textAnchor={isEarly ? 'start' : 'end'}>
            {left}
          </text>
        )}
      </svg>
    </div>
  );
}

function valuesOf({ value }: Figure, window: CallsWindow): readonly (number | undefined)[] {
  return window.series.calls.map((_, column) => value(window, column));
}
