import { useState } from 'react';
import { useSample } from '#state/explore/use-status.ts';
import { openDialog } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';
import { Button } from '#views/shared/Button.tsx';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { setupTexts } from './setup-texts.ts';

/** The page of an empty store: how spans get here. It gives way by itself when the first one does. */
export function Onboarding() {
  const { config } = useSources();
  const sample = useSample('load');
  const setups = setupTexts(config);
  const [chosen, setChosen] = useState(setups[0]!.name);
  const setup = setups.find(({ name }) => name === chosen) ?? setups[0]!;
  return (
    <div className="onboarding">
      <div className="onboarding-page">
        <h1>No traces yet</h1>
        <p className="sec onboarding-lead">
          Listening for OTLP over HTTP on <b className="strong">{config.otlpHttp}</b> and over gRPC on{' '}
          <b className="strong">{config.otlpGrpc}</b>. This page changes by itself when the first span arrives.
        </p>
        <section className="step">
          <span className="mut">1</span>
          <div>
            <h2>Send from a service you run</h2>
            <p className="sec">{setup.lead}</p>
            {/* biome-ignore lint/a11y/useSemanticElements: looks like tabs, acts like a choice */}
            <div className="setups" role="group" aria-label="Setup for">
              {setups.map(({ name }) => (
                <button key={name} type="button" aria-pressed={name === setup.name} onClick={() => setChosen(name)}>
                  {name}
                </button>
              ))}
            </div>
            <div className="code">
              {setup.text}
              <CopyButton text={setup.text} label={`Copy the setup for ${setup.name}`}>
                Copy
              </CopyButton>
            </div>
          </div>
        </section>
        <section className="step">
          <span className="mut">2</span>
          <div>
            <h2>Load sample traces</h2>
            <p className="sec">
              A recorded run of a small shop with a bad deploy in it: several services, baggage, a queue, a lost
              context. Its times end now; one press removes it again.
            </p>
            <Button kind="primary" onClick={sample.run} disabled={sample.isRunning}>
              {sample.isRunning ? 'Loading sample traces' : 'Load sample traces'}
            </Button>
            {sample.error && <ErrorState error={sample.error} onRetry={sample.run} />}
          </div>
        </section>
        <section className="step">
          <span className="mut">3</span>
          <div>
            <h2>Drop a file</h2>
            <p className="sec">
              OTLP JSON or protobuf, Jaeger JSON, Zipkin JSON. It is read in this browser and not uploaded.
            </p>
            <div className="onboarding-drop">
              <Icon name="file" />
              <span>Drop a file anywhere on this page, or</span>
              <Button onClick={() => openDialog('files')}>Choose one</Button>
            </div>
          </div>
        </section>
      </div>
    </div>
  );
}
