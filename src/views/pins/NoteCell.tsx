import { useState } from 'react';
import { MAX_NOTE_LENGTH, type Pin } from '#domain/api/pin-api.ts';
import { visibleText } from '#domain/format/text.ts';
import { useChangePin } from '#state/pins/use-change-pin.ts';
import { Button } from '#views/shared/Button.tsx';

/** The note of a pin; a press turns it into a field. Enter keeps what was written, Escape what was there. */
export function NoteCell({ pin }: { pin: Pin }) {
  const [text, setText] = useState<string>();
  const change = useChangePin();
  const name = visibleText(pin.note) || pin.traceId;
  if (text === undefined) {
    return (
      <button
        type="button"
        className={`pins-note ${pin.note === '' ? 'mut' : ''}`}
        aria-label={`Change the note: ${name}`}
        data-tip="Change the note"
        onClick={() => setText(pin.note)}
      >
        <bdi>{visibleText(pin.note) || 'Add a note'}</bdi>
      </button>
    );
  }
  return (
    <form
      className="pins-edit"
      onSubmit={event => {
        event.preventDefault();
        change.mutate({ id: pin.id, change: { note: text.trim() } }, { onSuccess: () => setText(undefined) });
      }}
    >
      <span className="field grow">
        <input
          ref={focusOnMount}
          aria-label={`Note: ${name}`}
          maxLength={MAX_NOTE_LENGTH}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            setText(undefined);
          }}
        />
      </span>
      <button type="submit" className="btn" disabled={change.isPending}>
        Save
      </button>
      <Button kind="quiet" onClick={() => setText(undefined)}>
        Cancel
      </Button>
      {change.error !== null && (
        <span className="err" role="alert">
          {change.error.message}
        </span>
      )}
    </form>
  );
}

const focusOnMount = (element: HTMLInputElement | null): void => element?.focus();
