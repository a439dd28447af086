import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';

/** For an address that is none of ours, typed or mangled on its way. */
export function NoSuchPage() {
  const href = useHref();
  const follow = useFollow();
  return (
    <EmptyState
      title="There is no such page"
      actions={
        <a className="btn primary" href={href({ page: { name: 'explore' } })} onClick={follow}>
          Explore traces
        </a>
      }
    >
      The address does not name a page of Throughline.
    </EmptyState>
  );
}
