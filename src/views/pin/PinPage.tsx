import { useEffect } from 'react';
import type { Pin } from '#domain/api/pin-api.ts';
import { usePin } from '#state/pins/use-pin.ts';
import { useSources } from '#state/source-context.ts';
import { pinnedPath } from '#state/url/pinned-path.ts';
import { useReplaceAddress } from '#state/url/use-replace-address.ts';
import { useUrl } from '#state/url/use-url.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { AllPins } from '#views/shared/pins/AllPins.tsx';
import { NoPin } from '#views/shared/pins/NoPin.tsx';

/** /p/<id>: opens what was seen when the pin was made, or says why it cannot. */
export function PinPage() {
  const { page } = useUrl();
  useEffect(() => {
    document.title = 'Pin · Throughline';
  }, []);
  return page.name === 'pin' ? <Opening key={page.id} id={page.id} /> : <BadPinId />;
}

function Opening({ id }: { id: string }) {
  const { hasServer } = useSources();
  const reading = usePin(id);
  if (!hasServer) {
    return (
      <EmptyState title="There are no pins here">Pins are kept by a Throughline server. This page has none.</EmptyState>
    );
  }
  const { answer, error } = reading;
  if (answer?.state === 'kept') return <ToPinned pin={answer.pin} />;
  if (answer !== undefined || error !== null) return <NoPin id={id} reading={reading} />;
  return (
    <p className="state sec" role="status">
      Opening the pin
    </p>
  );
}

/** The address of what was seen takes the place of the pin's: Back leads to where the reader came from. */
function ToPinned({ pin }: { pin: Pin }) {
  const replace = useReplaceAddress();
  useEffect(() => replace(pinnedPath(pin)), [pin, replace]);
  return null;
}

function BadPinId() {
  return (
    <EmptyState title="This is not the id of a pin" actions={<AllPins />}>
      A pin’s address ends in 32 hexadecimal digits. This one may have been cut when it was copied.
    </EmptyState>
  );
}
