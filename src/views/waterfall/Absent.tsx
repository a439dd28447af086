import type { TraceId } from '#domain/ids.ts';
import { usePin } from '#state/pins/use-pin.ts';
import { useUrl } from '#state/url/use-url.ts';
import { NoPin } from '#views/shared/pins/NoPin.tsx';
import { NotFound } from './NotFound.tsx';

/** What a link names and its source, or its pin, has not got: why, and where to look next. */
export function Absent({ id, onRetry }: { id: TraceId; onRetry: () => void }) {
  const { pin } = useUrl();
  const reading = usePin(pin);
  const isPinGone = pin !== '' && reading.answer?.state !== 'kept';
  return isPinGone ? <NoPin id={pin} reading={reading} /> : <NotFound id={id} onRetry={onRetry} />;
}
