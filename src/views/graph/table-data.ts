import type { GraphReading } from '#state/graph/use-service-graph.ts';
import { FIRST_ORDER } from '#state/url/url-state.ts';
import { saveText } from '#views/shared/save-file.ts';
import { sortRows } from '#views/shared/sort-rows.ts';
import { keyOfPart, nodePart } from './part-figures.ts';
import { edgeRows, TABLE_ORDER, type TableData, tableCsv } from './table-rows.ts';
import type { ShownGraph } from './use-shown-graph.ts';

/** What the reader chose to see, all of it. */
export function tableDataOf(reading: GraphReading, { filtered, seconds }: ShownGraph): TableData {
  const nodes = filtered.nodes.map(({ part }) => keyOfPart(part));
  const edges = filtered.edges.flatMap(({ names }) => names.map(edge => keyOfPart({ edge })));
  const keys = new Set([...nodes, ...edges]);
  const counted = new Set(reading.graph.nodes.name.map((_, node) => keyOfPart(nodePart(reading.graph, node))));
  return {
    graph: reading.graph,
    before: reading.before?.graph,
    changes: reading.changes ?? [],
    seconds,
    shows: part => keys.has(keyOfPart(part)),
    destinations: filtered.nodes.filter(({ part }) => !counted.has(keyOfPart(part))),
  };
}

/** The edges as a file, in the order in which the table begins. */
export function saveEdges(reading: GraphReading, shown: ShownGraph): void {
  const rows = sortRows(edgeRows(tableDataOf(reading, shown)), TABLE_ORDER, FIRST_ORDER);
  saveText('service-graph-edges.csv', 'text/csv', tableCsv(rows, 'edges'));
}
