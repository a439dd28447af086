import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';

/** The way to the list of pins. */
export function AllPins() {
  const href = useHref();
  const follow = useFollow();
  return (
    <a className="btn" href={href({ page: { name: 'pins' } })} onClick={follow}>
      All pins
    </a>
  );
}
