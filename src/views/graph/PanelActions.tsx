import type { GraphPart } from '#domain/api/graph-api.ts';
import type { ServiceGraph } from '#domain/graph/service-graph.ts';
import { usePartQuery } from '#state/graph/use-calls.ts';
import type { GraphRequest } from '#state/graph/use-service-graph.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useGo, useHref } from '#state/url/use-url.ts';
import { Button } from '#views/shared/Button.tsx';

/** From a part to its traces: all of them in Explore, or the graph of those alone. */
export function PanelActions({
  part,
  graph,
  request,
}: {
  part: GraphPart;
  graph: ServiceGraph;
  request: GraphRequest;
}) {
  const query = usePartQuery(request.query, part, graph);
  const href = useHref();
  const follow = useFollow();
  const go = useGo();
  if (query === undefined) {
    return <p className="sg-panel-note mut">The query takes no further condition, so its traces cannot be narrowed.</p>;
  }
  const what = 'edge' in part ? 'edge' : 'service' in part ? 'service' : 'node';
  return (
    <div className="sg-panel-acts">
      <a
        className="btn"
        href={href({ page: { name: 'explore' }, q: query, box: undefined })}
        onClick={follow}
        data-tip={query}
      >
        Open in Explore
      </a>
      <Button icon="filter" data-tip={query} onClick={() => go({ q: query }, 'push')}>
        Filter by this {what}
      </Button>
    </div>
  );
}
