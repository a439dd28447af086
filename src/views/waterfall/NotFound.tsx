import { useQuery } from '@tanstack/react-query';
import type { TraceState } from '#domain/api/store-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import type { TraceId } from '#domain/ids.ts';
import { formatInstant, formatRange } from '#domain/time/clock.ts';
import { traceStateQuery } from '#state/queries.ts';
import { useSource, useSources } from '#state/source-context.ts';
import type { WindowMs } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { BackToResults } from './BackToResults.tsx';

/** Around the time of a missing trace: its neighbours ran then. */
const AROUND_MS = 5 * 60_000;

/** A trace that is not there: why, as far as the store knows, and where to look next. */
export function NotFound({ id, onRetry }: { id: TraceId; onRetry: () => void }) {
  const { at } = useUrl();
  const { server } = useSources();
  const source = useSource();
  const window = at && { startUnixNano: nanoOf(at.startMs), endUnixNano: nanoOf(at.endMs) };
  const { data } = useQuery({ ...traceStateQuery(server, id, window), enabled: source.capabilities.embedded });
  const isPruned = data?.state === 'pruned';
  return (
    <EmptyState
      title={isPruned ? 'This trace is no longer stored' : 'This trace is not stored here'}
      actions={
        <>
          <Button kind={isPruned ? 'plain' : 'primary'} icon="retry" onClick={onRetry}>
            Look again
          </Button>
          {at && <SearchThatTime at={at} isFirst={isPruned} />}
          <BackToResults />
        </>
      }
    >
      <p>
        <Reason id={id} state={data} hasTime={at !== undefined} />
      </p>
    </EmptyState>
  );
}

function SearchThatTime({ at, isFirst }: { at: WindowMs; isFirst: boolean }) {
  const go = useGo();
  const [from, to] = [at.startMs - AROUND_MS, at.endMs + AROUND_MS].map(String);
  return (
    <Button
      kind={isFirst ? 'primary' : 'plain'}
      icon="clock"
      onClick={() => go({ page: { name: 'explore' }, q: '', from: from!, to: to!, live: false }, 'push')}
    >
      Search that time
    </Button>
  );
}

function Reason({ id, state, hasTime }: { id: TraceId; state: TraceState | undefined; hasTime: boolean }) {
  const zone = useZone();
  const name = <span className="mono">{id}</span>;
  if (state?.state === 'pruned') {
    const { pruned, retentionMs } = state;
    const [fromMs, toMs] = [pruned.fromUnixNano, pruned.toUnixNano].map(ns => Number(BigInt(ns) / 1_000_000n));
    const why =
      pruned.reason === 'size'
        ? 'because the store had grown beyond its size'
        : `because retention keeps ${durationText(retentionMs * 1e6)}`;
    return (
      <>
        Spans of that time were pruned at{' '}
        <b className="strong">{formatInstant(nanoOf(pruned.atUnixMs), zone, 'full')}</b>, {why}:{' '}
        {formatCount(pruned.spans)} spans of {formatRange(fromMs!, toMs!, zone, pruned.atUnixMs)}. Trace {name} was most
        likely one of them; nobody had pinned it.
      </>
    );
  }
  if (state?.state === 'damaged') {
    return <>A segment with spans of that time is damaged and left out of answers. Trace {name} may lie in it.</>;
  }
  if (state?.state === 'arriving') {
    return (
      <>Trace {name} ran less than a minute ago. Its spans may still be on the way: senders batch and try again.</>
    );
  }
  if (state?.state === 'unknown') {
    const { oldestUnixNano } = state;
    return (
      <>
        The store has not got trace {name}.{' '}
        {hasTime
          ? 'Nothing of that time was pruned: it may be in another source, or its spans were never sent.'
          : 'The link does not say when it ran, so that the store cannot tell whether it was pruned.'}{' '}
        {oldestUnixNano !== undefined &&
          `The oldest span that is stored began at ${formatInstant(BigInt(oldestUnixNano), zone, 'full')}.`}
      </>
    );
  }
  return (
    <>
      Trace {name} was not found. It may have been pruned by retention, its spans may not have arrived yet, or it is in
      another source.
    </>
  );
}

function nanoOf(unixMs: number): bigint {
  return BigInt(Math.floor(unixMs)) * 1_000_000n;
}
