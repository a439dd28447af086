import { useFollow } from '#state/url/use-follow.ts';
import { useGo, useHref, useUrl } from '#state/url/use-url.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';

/** Nothing calls anything: what can be done about it. */
export function NoCalls() {
  const { q } = useUrl();
  const go = useGo();
  const href = useHref();
  const follow = useFollow();
  return (
    <EmptyState
      title={q === '' ? 'No calls in this range' : 'No calls in the traces of this query'}
      actions={
        <>
          {q !== '' && <Button onClick={() => go({ q: '' }, 'push')}>Drop the query</Button>}
          <Button onClick={() => go({ from: 'now-24h', to: 'now' }, 'push')}>Look at the last 24 h</Button>
          <a className="btn" href={href({ page: { name: 'explore' } })} onClick={follow}>
            Open in Explore
          </a>
        </>
      }
    >
      A call is a span whose parent belongs to another service, or one that names a database, a queue or a host. None
      was found here.
    </EmptyState>
  );
}
