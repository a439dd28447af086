import type { GonePin } from '#domain/api/pin-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { parseTraceId } from '#domain/ids.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { useSources } from '#state/source-context.ts';
import { DEFAULT_URL_STATE } from '#state/url/url-state.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { windowAround } from '#state/url/window-around.ts';
import { useZone } from '#state/use-store.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { AllPins } from './AllPins.tsx';
import { goneText } from './pin-text.ts';
import { Remembered } from './Remembered.tsx';

/** A pin that was removed or has expired: when, and where the trace may still be. */
export function GonePinState({ gone }: { gone: GonePin }) {
  const zone = useZone();
  const startUnixNano = BigInt(gone.startUnixNano);
  return (
    <EmptyState
      title={gone.reason === 'expired' ? 'This pin has expired' : 'This pin was removed'}
      actions={
        <>
          <AsStored gone={gone} />
          <AllPins />
        </>
      }
    >
      <p>{goneText(gone, zone)}</p>
      <Remembered
        label="What is remembered of it"
        rows={[
          [
            'Trace',
            <span key="id" className="mono">
              {gone.traceId}
            </span>,
          ],
          ['Start, duration', `${formatInstant(startUnixNano, zone, 'full')}, ${durationText(gone.durationNs)}`],
          ['Source', gone.source],
        ]}
      />
    </EmptyState>
  );
}

/** The pin's copy is gone; the source may still have the trace. */
function AsStored({ gone }: { gone: GonePin }) {
  const { all } = useSources();
  const href = useHref();
  const follow = useFollow();
  const traceId = parseTraceId(gone.traceId);
  const index = all.findIndex(({ id }) => id === gone.source);
  const source = all[index];
  if (!traceId.ok || source === undefined) return null;
  const at = windowAround(BigInt(gone.startUnixNano), gone.durationNs);
  const src = index === 0 ? '' : source.id;
  const target = { ...DEFAULT_URL_STATE, page: { name: 'trace', traceId: traceId.value } as const, at, src };
  return (
    <a className="btn primary" href={href(target)} onClick={follow}>
      Look for the trace in {source.name}
    </a>
  );
}
