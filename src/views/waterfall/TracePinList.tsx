import type { Pin } from '#domain/api/pin-api.ts';
import { visibleText } from '#domain/format/text.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref, useUrl } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { AllPins } from '#views/shared/pins/AllPins.tsx';
import { pinnedText } from '#views/shared/pins/pin-text.ts';
import { Unpin } from '#views/shared/pins/Unpin.tsx';

/** The pins of one trace: each with its words, its link and its removal. `onPin`: pins the view once more. */
export function TracePinList({ pins, onPin }: { pins: readonly Pin[]; onPin?: () => void }) {
  const { pin: shown } = useUrl();
  const zone = useZone();
  const href = useHref();
  const follow = useFollow();
  return (
    <>
      <ul>
        {pins.map(pin => {
          const address = href({ page: { name: 'pin', id: pin.id } });
          return (
            <li key={pin.id}>
              <span className="grow">
                <b className="strong">
                  <bdi>{visibleText(pin.note) || 'No note'}</bdi>
                </b>
                <span className="sec">{pinnedText(pin, zone)}.</span>
              </span>
              {pin.id === shown ? (
                <span className="sec nw">shown</span>
              ) : (
                <a className="btn quiet" href={address} onClick={follow}>
                  Open
                </a>
              )}
              <CopyButton text={new URL(address, location.href).href} label="Copy the link to the pin" />
              <Unpin pin={pin} />
            </li>
          );
        })}
      </ul>
      <footer>
        {onPin && (
          <Button icon="pin" onClick={onPin}>
            Pin this view too
          </Button>
        )}
        <span className="grow" />
        <AllPins />
      </footer>
    </>
  );
}
