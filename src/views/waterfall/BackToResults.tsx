import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';

/** The way out of a trace that cannot be shown. */
export function BackToResults() {
  const href = useHref();
  const follow = useFollow();
  return (
    <a className="btn" href={href({ page: { name: 'explore' } })} onClick={follow}>
      Back to the results
    </a>
  );
}
