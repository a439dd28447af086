import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { TraceId } from '#domain/ids.ts';
import { formatRange } from '#domain/time/clock.ts';
import { FILE_SOURCE_ID } from '#state/files/use-files.ts';
import { useTraceCopies } from '#state/pins/use-trace-copies.ts';
import { traceStateQuery } from '#state/queries.ts';
import { useSource, useSources } from '#state/source-context.ts';
import type { WindowMs } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useSession, useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { Remembered } from '#views/shared/pins/Remembered.tsx';
import { AbsentReason, absentTitle } from './AbsentReason.tsx';
import { BackToResults } from './BackToResults.tsx';
import { FileGone } from './FileGone.tsx';
import { OtherPlaces } from './OtherPlaces.tsx';

/** Around the time of a missing trace: its neighbours ran then. */
const AROUND_MS = 5 * 60_000;
/** A trace that may still be arriving is looked for again. */
const ARRIVING_POLL_MS = 3_000;

/** A trace that is not there: why, as far as the store knows, what the link remembers of it, and where to look next. */
export function NotFound({ id, onRetry }: { id: TraceId; onRetry: () => void }) {
  const { at } = useUrl();
  const { server } = useSources();
  const source = useSource();
  const isEmbedded = source.capabilities.embedded;
  const window = at && { startUnixNano: nanoOf(at.startMs), endUnixNano: nanoOf(at.endMs) };
  const { data } = useQuery({
    ...traceStateQuery(server, id, window),
    enabled: isEmbedded,
    refetchInterval: query => (query.state.data?.state === 'arriving' ? ARRIVING_POLL_MS : false),
  });
  const hasArrived = data?.state === 'stored';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has arrived
  useEffect(() => {
    if (hasArrived) onRetry();
  }, [hasArrived]);
  const isPruned = data?.state === 'pruned';
  const isCopied = useTraceCopies(id).length > 0;
  if (source.id === FILE_SOURCE_ID) return <FileGone id={id} />;
  return (
    <EmptyState
      title={absentTitle(data, at !== undefined)}
      actions={
        <>
          <OtherPlaces id={id} />
          {isPruned && at && <SearchThatTime at={at} kind={isCopied ? 'plain' : 'primary'} />}
          <Button kind={isPruned || isCopied ? 'plain' : 'primary'} icon="retry" onClick={onRetry}>
            Look again
          </Button>
          {!isPruned && at && <SearchThatTime at={at} kind="plain" />}
          <BackToResults />
        </>
      }
    >
      {data !== undefined && <AbsentReason state={data} hasTime={at !== undefined} />}
      {!isEmbedded && (
        <p>
          {source.name} answered that it has no such trace. It may be beyond the retention of {source.name}, its spans
          may not have arrived yet, or it is in another source.
        </p>
      )}
      <WhatTheLinkSays id={id} />
    </EmptyState>
  );
}

/** The trace is gone; what the link itself holds is not. */
function WhatTheLinkSays({ id }: { id: TraceId }) {
  const { at, span, find } = useUrl();
  const zone = useZone();
  const nowMs = useSession(session => session.nowMs);
  return (
    <Remembered
      label="What the link itself remembers"
      rows={[
        [
          'Trace',
          <span key="id" className="mono">
            {id}
          </span>,
        ],
        ...(at ? [['Ran within', formatRange(at.startMs, at.endMs, zone, nowMs)] as const] : []),
        ...(span
          ? [
              [
                'Span in the link',
                <span key="span" className="mono">
                  {span}
                </span>,
              ] as const,
            ]
          : []),
        ...(find === '' ? [] : [['Looked for', <bdi key="find">{find}</bdi>] as const]),
      ]}
    />
  );
}

function SearchThatTime({ at, kind }: { at: WindowMs; kind: 'primary' | 'plain' }) {
  const go = useGo();
  const [from, to] = [at.startMs - AROUND_MS, at.endMs + AROUND_MS].map(ms => String(Math.max(0, ms)));
  return (
    <Button
      kind={kind}
      icon="clock"
      onClick={() => go({ page: { name: 'explore' }, q: '', from: from!, to: to!, live: false }, 'push')}
    >
      Search that time
    </Button>
  );
}

function nanoOf(unixMs: number): bigint {
  return BigInt(Math.floor(unixMs)) * 1_000_000n;
}
