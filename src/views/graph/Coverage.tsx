import { formatCount } from '#domain/format/number.ts';
import { describeError } from '#state/describe-error.ts';
import type { GraphReading, ServiceGraphState } from '#state/graph/use-service-graph.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useGo, useHref, useUrl } from '#state/url/use-url.ts';
import { Button } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { MOST_AT_FIRST, type ShownGraph } from './use-shown-graph.ts';

/** What the numbers cover and what is not shown: the query, the source's limits, what was left out. */
export function Coverage({
  state,
  reading,
  shown,
}: {
  state: ServiceGraphState;
  reading: GraphReading;
  shown: ShownGraph;
}) {
  const { q, all } = useUrl();
  const go = useGo();
  const { picture, filtered } = shown;
  const rest = filtered.nodes.length - picture.nodes.length;
  const { leftOut } = reading.graph;
  return (
    <>
      {q !== '' && <QueryLine query={q} isHeeded={state.capabilities?.query === true} />}
      {reading.done < reading.total && (
        <div className="note info" role="status">
          <progress aria-label="Answers so far" value={reading.done} max={reading.total} />
          <span>
            {formatCount(reading.done)} of {formatCount(reading.total)} questions answered; the graph fills as answers
            come.
          </span>
        </div>
      )}
      {state.error !== null && (
        <div className="note error" role="alert">
          <Icon name="warn" className="s14 err" />
          <span className="grow">{describeError(state.error).title}. What is shown was counted before.</span>
          <Button onClick={state.retry}>Try again</Button>
        </div>
      )}
      {leftOut.edges > 0 && (
        <p className="note warn">
          {formatCount(leftOut.edges)} more edges with {formatCount(leftOut.calls)} calls are not in the answer: the
          busiest are kept. A query narrows it.
        </p>
      )}
      {rest > 0 && (
        <div className="note info">
          <span className="grow">
            The busiest {formatCount(picture.nodes.length)} of {formatCount(filtered.nodes.length)} nodes are drawn;{' '}
            {formatCount(rest)} nodes and {formatCount(filtered.edges.length - picture.edges.length)} edges are not.
          </span>
          <Button onClick={() => go({ all: true }, 'push')}>Draw all</Button>
        </div>
      )}
      {all && filtered.nodes.length > MOST_AT_FIRST && (
        <div className="note">
          <span className="grow">All {formatCount(filtered.nodes.length)} nodes are drawn.</span>
          <Button onClick={() => go({ all: false }, 'push')}>Draw the busiest</Button>
        </div>
      )}
    </>
  );
}

function QueryLine({ query, isHeeded }: { query: string; isHeeded: boolean }) {
  const go = useGo();
  const href = useHref();
  const follow = useFollow();
  return (
    <div className="note sg-query">
      <span className="mut">{isHeeded ? 'Traces of' : 'Not heeded by this source:'}</span>
      <code className="mono ell grow">{query}</code>
      <a href={href({ page: { name: 'explore' } })} onClick={follow}>
        Change in Explore
      </a>
      <Button kind="quiet" icon="close" onClick={() => go({ q: '' }, 'push')}>
        Drop
      </Button>
    </div>
  );
}
