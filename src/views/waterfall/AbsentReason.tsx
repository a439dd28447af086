import type { ReactNode } from 'react';
import type { AbsentTrace, PrunedSegment, TraceState } from '#domain/api/store-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { formatInstant, formatRange } from '#domain/time/clock.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import { useSession, useZone } from '#state/use-store.ts';
import { goneText, instantText } from '#views/shared/pins/pin-text.ts';

/** The heading over a trace that is not there. `hasTime`: the link says when it ran. */
export function absentTitle(state: TraceState | undefined, hasTime: boolean): string {
  switch (state?.state) {
    case 'pruned':
      return 'This trace is no longer stored';
    case 'arriving':
      return 'This trace may still be arriving';
    case 'damaged':
      return 'This trace may lie in a damaged part of the store';
    case 'unknown':
      if (state.lastPin !== undefined) return 'This trace is no longer stored';
      return hasTime ? 'This trace was never seen here' : 'This trace is not stored here';
    default:
      return 'This trace is not stored here';
  }
}

/** Why a trace is not there, as far as the embedded store knows. */
export function AbsentReason({ state, hasTime }: { state: TraceState; hasTime: boolean }) {
  const zone = useZone();
  const nowMs = useSession(session => session.nowMs);
  if (state.state === 'stored') return <p>The store has the trace by now. Look again.</p>;
  return (
    <>
      <p>{reasonOf(state, hasTime, zone, nowMs)}</p>
      {state.lastPin !== undefined ? (
        <p>A pin kept a copy of it. {goneText(state.lastPin, zone)}</p>
      ) : (
        state.state === 'pruned' && <p>Nobody had pinned it. Pinning keeps a copy past retention.</p>
      )}
    </>
  );
}

function reasonOf(
  state: Exclude<TraceState, { state: 'stored' }>,
  hasTime: boolean,
  zone: TimeZoneChoice,
  nowMs: number,
): ReactNode {
  switch (state.state) {
    case 'pruned': {
      const { pruned, retentionMs } = state;
      const agoMs = nowMs - pruned.atUnixMs;
      return (
        <>
          Spans of that time were pruned at <b className="strong">{instantText(pruned.atUnixMs, zone)}</b>
          {agoMs > 0 && `, ${durationText(agoMs * 1e6)} before you opened the link`}, {whyPruned(pruned, retentionMs)}:{' '}
          {formatCount(pruned.spans)} spans of {spanOfTime(pruned, zone)}. This trace was most likely one of them.
        </>
      );
    }
    case 'damaged':
      return 'A segment with spans of that time is damaged and left out of answers. This trace may lie in it; a backup may have it whole.';
    case 'arriving':
      return 'It ran less than a minute ago. Its spans may still be on the way: senders batch and try again. This page looks again every few seconds.';
    case 'unknown':
      return hasTime ? neverSeen(state, zone) : withoutTime(state, zone);
  }
}

function neverSeen({ oldestUnixNano }: AbsentTrace, zone: TimeZoneChoice): string {
  const oldest =
    oldestUnixNano === undefined
      ? 'The store holds no spans at all.'
      : `The oldest span that is stored began at ${formatInstant(BigInt(oldestUnixNano), zone, 'full')}.`;
  return `Nothing of that time was pruned: the trace may be in another source, or its spans were never sent. ${oldest}`;
}

function withoutTime({ lastPruned, retentionMs }: AbsentTrace, zone: TimeZoneChoice): string {
  const said = 'The link does not say when it ran, so that the store cannot tell whether it was pruned.';
  if (lastPruned === undefined) return `${said} Nothing was pruned so far: it is in another source, or was never sent.`;
  return `${said} What was pruned last, at ${instantText(lastPruned.atUnixMs, zone)}, ran ${spanOfTime(lastPruned, zone)}; retention keeps ${durationText(retentionMs * 1e6)}.`;
}

function whyPruned({ reason }: PrunedSegment, retentionMs: number): string {
  return reason === 'size'
    ? 'because the store had grown beyond its size'
    : `because retention keeps ${durationText(retentionMs * 1e6)}`;
}

function spanOfTime({ fromUnixNano, toUnixNano, atUnixMs }: PrunedSegment, zone: TimeZoneChoice): string {
  const [fromMs, toMs] = [fromUnixNano, toUnixNano].map(ns => Number(BigInt(ns) / 1_000_000n));
  return formatRange(fromMs!, toMs!, zone, atUnixMs);
}
