import type { TraceId } from '#domain/ids.ts';
import { describeError } from '#state/describe-error.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useOpenTrace } from '#state/use-open-trace.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Absent } from './Absent.tsx';
import { BackToResults } from './BackToResults.tsx';
import { LoadingTrace } from './LoadingTrace.tsx';
import { OtherPlaces } from './OtherPlaces.tsx';
import { TraceView } from './TraceView.tsx';
import './waterfall.css';

/** /trace/<id>: the trace, or why it is not there. */
export function TracePage() {
  const { page, pin } = useUrl();
  // The copy of a pin is another load than the trace as its source has it.
  return page.name === 'trace' ? <OpenTrace key={`${page.traceId} ${pin}`} id={page.traceId} /> : <BadTraceId />;
}

function OpenTrace({ id }: { id: TraceId }) {
  const { at } = useUrl();
  const { table, error, young, retry } = useOpenTrace(id, at);
  if (table !== undefined && table.length > 0) {
    return (
      <>
        {error !== null && <StaleNote error={error} onRetry={retry} />}
        <TraceView table={table} young={young} />
      </>
    );
  }
  return (
    <>
      <h1 className="vh">Trace {id}</h1>
      {error !== null ? (
        <Failure id={id} error={error} onRetry={retry} />
      ) : table === undefined ? (
        <LoadingTrace id={id} />
      ) : (
        <NoSpans id={id} onRetry={retry} />
      )}
    </>
  );
}

function Failure({ id, error, onRetry }: { id: TraceId; error: unknown; onRetry: () => void }) {
  return describeError(error).kind === 'not-found' ? (
    <Absent id={id} onRetry={onRetry} />
  ) : (
    <ErrorState
      error={error}
      onRetry={onRetry}
      actions={
        <>
          <OtherPlaces id={id} />
          <BackToResults />
        </>
      }
    />
  );
}

/** The trace on screen could not be read again: it stays, and the reader knows. */
function StaleNote({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className="note warn" role="status">
      <Icon name="warn" className="s14" />
      <span className="grow">{describeError(error).title}. What is shown was read before.</span>
      <Button onClick={onRetry}>Read again</Button>
    </div>
  );
}

function NoSpans({ id, onRetry }: { id: TraceId; onRetry: () => void }) {
  return (
    <EmptyState
      title="This trace has no spans"
      actions={
        <>
          <Button kind="primary" icon="retry" onClick={onRetry}>
            Read again
          </Button>
          <BackToResults />
        </>
      }
    >
      The source knows trace <span className="mono">{id}</span> but returned none of its spans.
    </EmptyState>
  );
}

function BadTraceId() {
  return (
    <EmptyState title="This is not a trace id" actions={<BackToResults />}>
      A trace id has up to 32 hexadecimal digits, such as 7f3c9a1e5b2d48c0a6e4d91b03f7e91a.
    </EmptyState>
  );
}
