import { useState } from 'react';
import type { Pin } from '#domain/api/pin-api.ts';
import { visibleText } from '#domain/format/text.ts';
import { useRemovePin } from '#state/pins/use-remove-pin.ts';
import { Button } from '#views/shared/Button.tsx';

/** The question takes the focus of the press that asked it. */
const focusOnMount = (element: HTMLButtonElement | null): void => element?.focus();

/** Removes one pin, after a second press: a copy that is gone cannot be brought back. */
export function Unpin({ pin }: { pin: Pin }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useRemovePin();
  const name = visibleText(pin.note) || `${pin.summary.rootService} ${pin.summary.rootName}`.trim() || pin.traceId;
  if (!isAsking) {
    return (
      <Button kind="quiet" icon="trash" aria-label={`Unpin ${name}`} onClick={() => setAsking(true)}>
        Unpin
      </Button>
    );
  }
  const failed = remove.error;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out within a line
    <span className="unpin" role="group" aria-label={`Unpin ${name}`}>
      <span className={failed ? 'err' : 'sec'}>{failed ? failed.message : 'Its copy goes for good.'}</span>
      <Button
        ref={focusOnMount}
        disabled={remove.isPending}
        onClick={() => remove.mutate(pin.id)}
        aria-label={`Remove the copy: ${name}`}
      >
        Remove
      </Button>
      <Button kind="quiet" onClick={() => setAsking(false)}>
        Keep
      </Button>
    </span>
  );
}
