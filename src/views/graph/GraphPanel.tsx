import type { EdgeChange, GraphPart } from '#domain/api/graph-api.ts';
import { formatPercent } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { describeError } from '#state/describe-error.ts';
import { useCalls } from '#state/graph/use-calls.ts';
import type { GraphReading, GraphRequest } from '#state/graph/use-service-graph.ts';
import { Button, IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { CallsOverTime } from './CallsOverTime.tsx';
import { Exemplars } from './Exemplars.tsx';
import { LatencyHistogram } from './LatencyHistogram.tsx';
import { Operations } from './Operations.tsx';
import { PanelActions } from './PanelActions.tsx';
import { PanelFigures } from './PanelFigures.tsx';
import { changesOfPart, type PartFigures, partFigures } from './part-figures.ts';
import { nameText } from './texts.ts';
import './graph-panel.css';

/** What an edge, a service or what sends no spans is made of. */
export function GraphPanel({
  part,
  reading,
  request,
  onClose,
}: {
  part: GraphPart;
  reading: GraphReading;
  request: GraphRequest;
  onClose: () => void;
}) {
  const now = partFigures(reading.graph, part);
  const before = reading.before && partFigures(reading.before.graph, part);
  const changes = changesOfPart(reading.changes ?? [], part);
  const known = now ?? before;
  return (
    <aside className="sg-panel" aria-label={titleOf(part)}>
      <header className="sg-panel-head">
        <Title part={part} />
        <span className="grow" />
        <Chip part={part} system={known?.system ?? ''} />
        <IconButton kind="quiet" icon="close" label="Close the panel" keys="Escape" onClick={onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by key */}
      <section className="sg-panel-body" tabIndex={0} aria-label="What it is made of">
        {known === undefined ? (
          <p className="sg-panel-note sec">Nobody called it in this window.</p>
        ) : (
          <>
            <PanelFigures now={now} before={before} changes={changes} reading={reading} part={part} />
            <Notes part={part} now={now} />
            <Made part={part} request={request} changes={changes} />
          </>
        )}
        <PanelActions part={part} graph={reading.graph} request={request} />
      </section>
    </aside>
  );
}

/** What only the spans themselves tell. */
function Made({ part, request, changes }: { part: GraphPart; request: GraphRequest; changes: readonly EdgeChange[] }) {
  const { answer, canTell, error, retry } = useCalls(request, part);
  if (!canTell) {
    return (
      <p className="sg-panel-note sec">
        This source cannot tell the latencies, operations and traces of one edge. Open in Explore finds its traces.
      </p>
    );
  }
  if (error !== null) {
    return (
      <div className="sg-panel-note" role="alert">
        <span className="err">{describeError(error).title}.</span> <Button onClick={retry}>Try again</Button>
      </div>
    );
  }
  if (answer === undefined) return <Waiting />;
  return (
    <>
      <LatencyHistogram answer={answer} />
      <CallsOverTime answer={answer} changes={changes} />
      <Operations answer={answer} />
      <Exemplars exemplars={answer.exemplars} />
    </>
  );
}

function Waiting() {
  return (
    <div className="sg-panel-wait" aria-busy="true" role="status" aria-label="Reading the calls">
      {[112, 150, 90, 120].map(height => (
        <span key={height} className="sk light" style={{ height }} />
      ))}
    </div>
  );
}

function Title({ part }: { part: GraphPart }) {
  if (!('edge' in part)) {
    const name = 'service' in part ? part.service : part.peer;
    return (
      <h2 className="sg-panel-title">
        {'service' in part && <ServiceKey service={name} />}
        <span className="ell">{nameText(name)}</span>
      </h2>
    );
  }
  const { from, to, toKind } = part.edge;
  return (
    <h2 className="sg-panel-title">
      <ServiceKey service={from} />
      <span className="ell">{nameText(from)}</span>
      <span className="vh">to</span>
      <Icon name="go" className="s14 mut" />
      {toKind === 'service' && <ServiceKey service={to} />}
      <span className="ell">{nameText(to)}</span>
    </h2>
  );
}

const KINDS = { service: 'service', database: 'database', messaging: 'messaging', external: 'external host' } as const;

function Chip({ part, system }: { part: GraphPart; system: string }) {
  if (!('edge' in part)) {
    return <span className="tag">{system || ('service' in part ? 'service' : KINDS[part.kind])}</span>;
  }
  const { async: isAsync, destination, to, toKind } = part.edge;
  const via = destination !== '' && destination !== to ? ` through ${visibleText(destination)}` : '';
  const kind = toKind === 'service' ? '' : system || KINDS[toKind];
  const text = isAsync ? `async${via}` : kind;
  return text === '' ? null : <span className="tag ell">{visibleText(text)}</span>;
}

/** Where context breaks, and what is not known. */
function Notes({ part, now }: { part: GraphPart; now: PartFigures | undefined }) {
  if (now === undefined) return null;
  const notes: string[] = [];
  if ('edge' in part && now.clientOnly > 0) {
    const share = formatPercent(now.clientOnly / Math.max(1, now.calls));
    notes.push(
      `${share} seen from the caller alone: ${nameText(part.edge.to)} lost the context, or its spans did not arrive.`,
    );
  }
  if (now.unnamedCalls > 0) {
    notes.push(`${now.unnamedCalls} calls out of it do not say whom they called, and nobody answered them.`);
  }
  if (now.unknownCallers > 0) {
    notes.push(`${now.unknownCallers} requests name a caller whose span is not here.`);
  }
  return notes.map(note => (
    <p key={note} className="sg-panel-note">
      <Icon name="broken" className="s14 wrn" />
      <span>{note}</span>
    </p>
  ));
}

function titleOf(part: GraphPart): string {
  if ('edge' in part) return `Calls from ${nameText(part.edge.from)} to ${nameText(part.edge.to)}`;
  return 'service' in part ? `Service ${nameText(part.service)}` : nameText(part.peer);
}
