import type { ReactNode } from 'react';
import type { ChangedFigure, EdgeChange, GraphPart } from '#domain/api/graph-api.ts';
import { formatCount, formatPercent, UNKNOWN } from '#domain/format/number.ts';
import type { GraphReading } from '#state/graph/use-service-graph.ts';
import { DurationText } from '#views/shared/DurationText.tsx';
import { ratioWords } from './change-words.ts';
import type { PartFigures } from './part-figures.ts';
import { nameText, rateText } from './texts.ts';

/** The figures of a part beside those of the window before; a difference is marked only where it is more than noise. */
export function PanelFigures({
  now,
  before,
  changes,
  reading,
  part,
}: {
  now: PartFigures | undefined;
  before: PartFigures | undefined;
  changes: readonly EdgeChange[];
  reading: GraphReading;
  part: GraphPart;
}) {
  const isCompared = reading.before !== undefined;
  const seconds = Number(BigInt(reading.endUnixNano) - BigInt(reading.startUnixNano)) / 1e9;
  const rows: readonly Row[] = [
    { title: 'Calls', value: ({ calls }) => calls, print: calls => rateText(calls, seconds), changed: 'rate' },
    { title: 'Errors', value: errorShare, print: share => formatPercent(share), changed: 'errors' },
    { title: 'p50', value: ({ p50Ns }) => p50Ns, print: duration },
    { title: 'p95', value: ({ p95Ns }) => p95Ns, print: duration, changed: 'p95' },
    { title: 'p99', value: ({ p99Ns }) => p99Ns, print: duration },
  ];
  const queues: readonly Row[] = [
    { title: 'Queue wait p50', value: ({ queueP50Ns }) => queueP50Ns, print: duration },
    { title: 'Queue wait p95', value: ({ queueP95Ns }) => queueP95Ns, print: duration },
  ];
  const isAsync = 'edge' in part && part.edge.async && part.edge.toKind === 'service';
  return (
    <table className="sg-figures">
      <caption className="vh">Figures now and before</caption>
      <thead>
        <tr>
          <th scope="col">{seenFrom(part, now)}</th>
          <th scope="col">now</th>
          {isCompared && <th scope="col">before</th>}
          {isCompared && <th scope="col">change</th>}
        </tr>
      </thead>
      <tbody>
        {[...rows, ...(isAsync ? queues : [])].map(row => {
          const change = changes.find(({ what }) => what === row.changed);
          return (
            <tr key={row.title}>
              <th scope="row">{row.title}</th>
              <td className="strong">{now === undefined ? UNKNOWN : row.print(row.value(now))}</td>
              {isCompared && <td className="mut">{before === undefined ? UNKNOWN : row.print(row.value(before))}</td>}
              {isCompared && (
                <Difference now={now && row.value(now)} before={before && row.value(before)} change={change} />
              )}
            </tr>
          );
        })}
      </tbody>
      {now !== undefined && (
        <tfoot>
          <tr>
            <td colSpan={isCompared ? 4 : 2} className="mut">
              {formatCount(now.calls)} calls, {formatCount(now.errors)} failed
              {isCompared && before === undefined && '; none before'}
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

interface Row {
  readonly title: string;
  readonly value: (figures: PartFigures) => number;
  readonly print: (value: number) => ReactNode;
  /** What the comparison calls it. */
  readonly changed?: ChangedFigure;
}

function Difference({
  now,
  before,
  change,
}: {
  now: number | undefined;
  before: number | undefined;
  change: EdgeChange | undefined;
}) {
  if (now === undefined || before === undefined) return <td className="mut">·</td>;
  const words = ratioWords(before, now);
  if (change === undefined) {
    return (
      <td className="mut" data-tip={words === '·' ? undefined : 'Not more than noise, or not tested'}>
        {words}
      </td>
    );
  }
  return (
    <td className={change.worse ? 'sg-worse' : 'strong'} data-tip="More than noise">
      {now > before ? '▲' : '▼'} {words}
    </td>
  );
}

function duration(ns: number): ReactNode {
  return ns === 0 ? '·' : <DurationText ns={ns} />;
}

function errorShare({ calls, errors }: PartFigures): number {
  return calls === 0 ? 0 : errors / calls;
}

/** Whose spans the durations are. */
function seenFrom(part: GraphPart, now: PartFigures | undefined): string {
  if ('service' in part) return 'requests it took';
  if ('peer' in part || part.edge.toKind !== 'service' || (now !== undefined && now.clientOnly === now.calls)) {
    return 'seen from the caller';
  }
  return `seen from ${nameText(part.edge.to)}`;
}
