import { useId } from 'react';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { useAction } from '#state/commands/actions.ts';
import { useCreatePin } from '#state/pins/use-create-pin.ts';
import { useTracePins } from '#state/pins/use-trace-pins.ts';
import { useUrl } from '#state/url/use-url.ts';
import { Button, IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Popover } from '#views/shared/Popover.tsx';
import { TracePinList } from './TracePinList.tsx';

/** Keeps the trace beyond retention; where it is kept, its pins. Of any source, where a server keeps pins. */
export function PinButton({ table }: { table: TraceTable }) {
  const known = useTracePins(table.traceId);
  const create = useCreatePin();
  const url = useUrl();
  const shown = url.pin;
  const id = useId();
  const pins = known?.pins ?? [];
  const isPinned = pins.length > 0 || shown !== '';
  const pin = () => create.mutate({ table, state: url });
  const press = () => (isPinned ? document.getElementById(id)?.click() : pin());
  useAction('waterfall.pin', press, (shown !== '' || known?.isKnown === true) && !create.isPending);
  if (known === undefined) return null;
  return (
    <span className="tr-pin">
      {isPinned ? (
        <Popover
          label="Pins of this trace"
          align="end"
          className="tr-pins"
          trigger={props => (
            <button {...props} id={id} type="button" className="btn" aria-pressed="true" data-tip-keys="p">
              <Icon name="pin" className="s14" />
              Pinned
            </button>
          )}
        >
          {() => <TracePinList pins={pins} {...(shown === '' && { onPin: pin })} />}
        </Popover>
      ) : (
        <Button
          icon="pin"
          aria-pressed={false}
          disabled={!known.isKnown || create.isPending}
          onClick={pin}
          data-tip="Keep it when retention reaches it"
          data-tip-keys="p"
        >
          Pin
        </Button>
      )}
      {create.error !== null && (
        <span className="pop tr-pin-error" role="alert">
          <span className="err">Nothing was pinned: {create.error.message}.</span>
          <IconButton kind="quiet" icon="close" label="Dismiss" onClick={() => create.reset()} />
        </span>
      )}
    </span>
  );
}
