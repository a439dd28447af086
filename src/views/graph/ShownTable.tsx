import { useMemo } from 'react';
import type { GraphPart } from '#domain/api/graph-api.ts';
import type { GraphReading } from '#state/graph/use-service-graph.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { GraphTable } from './GraphTable.tsx';
import { keyOfPart } from './part-figures.ts';
import type { ShownGraph } from './use-shown-graph.ts';

/** The table of what the reader chose to see, all of it. */
export function ShownTable({ reading, shown }: { reading: GraphReading; shown: ShownGraph }) {
  const { pick } = useUrl();
  const go = useGo();
  const { filtered, seconds } = shown;
  const data = useMemo(() => {
    const nodes = filtered.nodes.map(({ part }) => keyOfPart(part));
    const edges = filtered.edges.flatMap(({ names }) => names.map(edge => keyOfPart({ edge })));
    const keys = new Set([...nodes, ...edges]);
    return {
      graph: reading.graph,
      before: reading.before?.graph,
      changes: reading.changes ?? [],
      seconds,
      shows: (part: GraphPart) => keys.has(keyOfPart(part)),
    };
  }, [reading, filtered, seconds]);
  return <GraphTable data={data} selected={pick} onSelect={part => go({ pick: part }, 'push')} />;
}
