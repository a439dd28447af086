import { useEffect } from 'react';
import type { StoreDetails } from '#domain/api/store-api.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { useAction } from '#state/commands/actions.ts';
import { describeError } from '#state/describe-error.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useSelfCheck, useStorePage } from '#state/store/use-store-page.ts';
import { useGo } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { Button, IconButton } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Arrivals } from './Arrivals.tsx';
import { Figures } from './Figures.tsx';
import { PinFiguresLine } from './PinFiguresLine.tsx';
import { Retention } from './Retention.tsx';
import { Segments } from './Segments.tsx';
import { SelfCheckResult } from './SelfCheckResult.tsx';
import { StoreSkeleton } from './StoreSkeleton.tsx';
import { stateText } from './texts.ts';
import { Volume } from './Volume.tsx';
import './store.css';

/** /store: how the embedded store does. Other sources keep their own, and the page says so. */
export function StorePage() {
  const source = useSource();
  useEffect(() => {
    document.title = 'Store · Throughline';
  }, []);
  return source.capabilities.embedded ? <EmbeddedStore /> : <OtherStore name={source.name} />;
}

function OtherStore({ name }: { name: string }) {
  const { all } = useSources();
  const go = useGo();
  const own = all.findIndex(({ capabilities }) => capabilities.embedded);
  return (
    <EmptyState
      title={`${name} keeps its own store`}
      actions={
        own >= 0 && (
          <Button kind="primary" onClick={() => go({ src: own === 0 ? '' : all[own]!.id }, 'push')}>
            Show the store of this server
          </Button>
        )
      }
    >
      This page speaks of the store inside Throughline. How {name} does, its own metrics tell.
    </EmptyState>
  );
}

function EmbeddedStore() {
  const { details, volume, refresh } = useStorePage();
  const selfCheck = useSelfCheck();
  useAction('store.refresh', refresh);
  useAction('store.self-check', selfCheck.run, !selfCheck.isRunning);
  if (details.data === undefined) {
    return details.error === null ? <StoreSkeleton /> : <ErrorState error={details.error} onRetry={refresh} />;
  }
  const { data } = details;
  return (
    <div className="store-page">
      <header className="store-head">
        <div>
          <h1>Store</h1>
          <StateLine details={data} />
        </div>
        <span className="grow" />
        <IconButton icon="retry" label="Read the figures again" keys="r" onClick={refresh} />
        <Button onClick={selfCheck.run} disabled={selfCheck.isRunning}>
          {selfCheck.isRunning ? 'Running the self-check' : 'Run self-check'}
        </Button>
      </header>
      {details.error !== null && <Stale error={details.error} atUnixMs={data.atUnixMs} onRetry={refresh} />}
      {data.status.notices.map(notice => (
        <p key={notice} className="note warn" role="status">
          <Icon name="warn" className="s14 wrn" />
          <span>{notice}</span>
        </p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by key */}
      <section className="store-body" tabIndex={0} aria-label="Figures of the store">
        {data.status.spans === 0 && <NothingYet />}
        <Figures details={data} />
        <div className="store-columns">
          <Arrivals ingest={data.ingest} />
          <SelfCheckResult check={selfCheck} />
        </div>
        <Volume volume={volume.data} error={volume.error} isEmpty={data.status.spans === 0} />
        <Segments details={data} volume={volume.data} />
        <Retention details={data} />
        <PinFiguresLine pins={data.pins} />
      </section>
    </div>
  );
}

function StateLine({ details }: { details: StoreDetails }) {
  const zone = useZone();
  const { word, sentence } = stateText(details);
  const isFailing = details.status.state === 'failing';
  const since = formatInstant(BigInt(Math.floor(details.ingest.sinceUnixMs)) * 1_000_000n, zone, 'full');
  return (
    <p className="sec t12 store-state">
      <span className={`st ${isFailing ? 'er' : 'live'}`} aria-hidden="true" />
      <span>
        <b className="strong">{word}.</b> {sentence} <span className="mut">Counted since {since}.</span>
      </span>
    </p>
  );
}

/** The figures could not be read again: the last ones stay, and the reader knows how old they are. */
function Stale({ error, atUnixMs, onRetry }: { error: unknown; atUnixMs: number; onRetry: () => void }) {
  const zone = useZone();
  const at = formatInstant(BigInt(Math.floor(atUnixMs)) * 1_000_000n, zone, 'time');
  return (
    <div className="note error" role="alert">
      <Icon name="warn" className="s14 err" />
      <span className="grow">
        {describeError(error).title}. The figures are those of {at}.
      </span>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

function NothingYet() {
  const { config } = useSources();
  return (
    <p className="sec store-empty">
      No spans yet. Listening for OTLP over HTTP on <b className="strong">{config.otlpHttp}</b> and over gRPC on{' '}
      <b className="strong">{config.otlpGrpc}</b>; the figures change by themselves.
    </p>
  );
}
