import { useMemo } from 'react';
import type { GraphReading } from '#state/graph/use-service-graph.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { GraphTable } from './GraphTable.tsx';
import { tableDataOf } from './table-data.ts';
import type { ShownGraph } from './use-shown-graph.ts';

/** The table of what the reader chose to see, all of it. */
export function ShownTable({ reading, shown }: { reading: GraphReading; shown: ShownGraph }) {
  const { pick } = useUrl();
  const go = useGo();
  const data = useMemo(() => tableDataOf(reading, shown), [reading, shown]);
  return <GraphTable data={data} selected={pick} onSelect={part => go({ pick: part }, 'push')} />;
}
