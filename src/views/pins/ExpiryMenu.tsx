import type { Pin } from '#domain/api/pin-api.ts';
import { visibleText } from '#domain/format/text.ts';
import { formatRowTime } from '#domain/time/clock.ts';
import { useChangePin } from '#state/pins/use-change-pin.ts';
import { sessionStore } from '#state/session-store.ts';
import { useZone } from '#state/use-store.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuItem } from '#views/shared/Menu.tsx';
import { EXPIRIES } from '#views/shared/pins/expiries.ts';
import { instantText } from '#views/shared/pins/pin-text.ts';

/** Until when a pin is kept; a press changes it, counted from now. */
export function ExpiryMenu({ pin }: { pin: Pin }) {
  const zone = useZone();
  const change = useChangePin();
  const { expiresUnixMs: until } = pin;
  const name = visibleText(pin.note) || pin.traceId;
  const now = sessionStore.getState().nowMs;
  return (
    <Menu
      label={`Until when it is kept: ${name}`}
      trigger={props => (
        <button
          {...props}
          type="button"
          className="btn quiet"
          aria-label={`Change until when it is kept: ${name}`}
          data-tip={until === undefined ? 'Kept until somebody removes it' : instantText(until, zone)}
        >
          {until === undefined ? 'removed' : formatRowTime(BigInt(until) * 1_000_000n, zone, now).replace(/\.\d+$/, '')}
          <Icon name="down" className="s12 end" />
        </button>
      )}
    >
      {close =>
        EXPIRIES.map(({ days, text }) => (
          <MenuItem
            key={text}
            onChoose={() => {
              close();
              const expiresUnixMs = days === undefined ? null : Date.now() + days * 86_400_000;
              change.mutate({ id: pin.id, change: { expiresUnixMs } });
            }}
          >
            {text}
          </MenuItem>
        ))
      }
    </Menu>
  );
}
