import type { GraphReading, GraphRequest } from '#state/graph/use-service-graph.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { ChangeList } from './ChangeList.tsx';
import { GraphPanel } from './GraphPanel.tsx';
import { keyOfPart } from './part-figures.ts';

/** Beside the graph: what is selected; without a selection what changed. */
export function Beside({ reading, request }: { reading: GraphReading; request: GraphRequest }) {
  const { pick, than } = useUrl();
  const go = useGo();
  if (pick !== undefined) {
    return (
      <GraphPanel
        key={keyOfPart(pick)}
        part={pick}
        reading={reading}
        request={request}
        onClose={() => go({ pick: undefined }, 'push')}
      />
    );
  }
  const changes = reading.changes ?? [];
  if (changes.length === 0) return null;
  return <ChangeList changes={changes} than={than} onSelect={part => go({ pick: part }, 'push')} />;
}
