import { useEffect, useState } from 'react';
import { useAction } from '#state/commands/actions.ts';
import { type GraphReading, useServiceGraph } from '#state/graph/use-service-graph.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { Beside } from './Beside.tsx';
import { Coverage } from './Coverage.tsx';
import { GraphSkeleton } from './GraphSkeleton.tsx';
import { GraphToolbar } from './GraphToolbar.tsx';
import { NoCalls } from './NoCalls.tsx';
import type { PictureNode } from './picture.ts';
import { ShownTable } from './ShownTable.tsx';
import { Stage } from './Stage.tsx';
import { saveEdges } from './table-data.ts';
import { useShownGraph } from './use-shown-graph.ts';
import './graph.css';

/** /graph: what calls what, in the traces of the query and the range. */
export function GraphPage() {
  const source = useSource();
  useEffect(() => {
    document.title = 'Graph · Throughline';
  }, []);
  if (source.graph === undefined) {
    return <EmptyState title={`${source.name} cannot tell what calls what`}>Choose another source above.</EmptyState>;
  }
  return <ServiceGraph />;
}

function ServiceGraph() {
  const state = useServiceGraph();
  const shown = useShownGraph(state.reading);
  const { pick, view } = useUrl();
  const go = useGo();
  const [sought, setSought] = useState<{ readonly key: string }>();
  useAction('graph.clear', () => go({ pick: undefined }, 'push'), pick !== undefined);
  const find = (node: PictureNode): void => {
    const isDrawn = shown?.picture.nodes.some(({ key }) => key === node.key) === true;
    go(
      isDrawn
        ? { pick: node.part, view: 'graph' }
        : { pick: node.part, view: 'graph', focus: { node: node.part, hops: 1 } },
      'push',
    );
    setSought({ key: node.key });
  };
  const { reading, error } = state;
  return (
    <div className="sg-page" aria-busy={state.isFetching}>
      <h1 className="vh">Service graph</h1>
      <GraphToolbar shown={shown} state={state} onFound={find} />
      {reading !== undefined && shown !== undefined ? (
        <>
          <Coverage state={state} reading={reading} shown={shown} />
          {reading.graph.nodes.name.length === 0 && reading.done === reading.total ? (
            <NoCalls />
          ) : (
            <>
              <div className="sg-main">
                {view === 'table' ? (
                  <ShownTable reading={reading} shown={shown} />
                ) : (
                  <Stage
                    shown={shown}
                    sought={sought}
                    isOutdated={state.isOutdated}
                    onCsv={() => saveEdges(reading, shown)}
                  />
                )}
                <Beside reading={reading} request={state.request} />
              </div>
              <p className="sg-covers">{coverText(reading)}</p>
            </>
          )}
        </>
      ) : error === null ? (
        <GraphSkeleton />
      ) : (
        <ErrorState error={error} onRetry={state.retry} />
      )}
    </div>
  );
}

function coverText({ covers, before }: GraphReading): string {
  const nothingBefore = before?.graph.edges.from.length === 0 ? ['There were no calls before to compare with.'] : [];
  return [...covers, ...nothingBefore].join(' ');
}
