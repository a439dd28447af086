import { visibleText } from '#domain/format/text.ts';
import { usePin } from '#state/pins/use-pin.ts';
import { useSources } from '#state/source-context.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref, useUrl } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { pinnedText } from '#views/shared/pins/pin-text.ts';

/** That a copy is shown: whose, since when, what they wrote to it, until when, and the way to the trace as it is stored. */
export function PinBanner() {
  const { pin: id } = useUrl();
  const { all } = useSources();
  const zone = useZone();
  const href = useHref();
  const follow = useFollow();
  const { answer } = usePin(id);
  if (id === '' || answer === undefined) return null;
  if (answer.state === 'gone') {
    return (
      <div className="note warn" role="status">
        <Icon name="warn" className="s14" />
        <span className="grow">This pin is gone by now. What is shown was read before.</span>
      </div>
    );
  }
  const { pin } = answer;
  const isSourceHere = all.some(source => source.id === pin.source);
  return (
    <div className="note info tr-pinned" role="note" aria-label="Pinned copy">
      <Icon name="pin" className="s14" />
      <span className="grow">
        <b className="strong">{pin.note === '' ? 'Pinned copy' : <bdi>{visibleText(pin.note)}</bdi>}.</b>{' '}
        <span className="sec">{pinnedText(pin, zone)}.</span>
      </span>
      {isSourceHere && (
        <a className="btn" href={href({ pin: '' })} onClick={follow}>
          Show as {visibleText(pin.sourceName)} has it
        </a>
      )}
      <a className="btn" href={href({ page: { name: 'pins' } })} onClick={follow}>
        All pins
      </a>
    </div>
  );
}
