import type { EdgeChange, GraphPart } from '#domain/api/graph-api.ts';
import { type CsvCell, csvText } from '#domain/format/csv.ts';
import { edgeKey } from '#domain/graph/changes.ts';
import type { NodeKind, ServiceGraph } from '#domain/graph/service-graph.ts';
import type { ColumnOrder } from '#views/shared/sort-rows.ts';
import { edgeNameOf, keyOfPart, nodePart, partFigures } from './part-figures.ts';
import type { PictureNode } from './picture.ts';

/** One line of the table. */
export interface TableRow {
  readonly key: string;
  readonly part: GraphPart;
  /** '' of a node. */
  readonly from: string;
  /** Of a node its name. */
  readonly to: string;
  readonly kind: string;
  /** Of a node, where the graph is grouped; '' otherwise. */
  readonly group: string;
  readonly perSecond: number;
  readonly errorShare: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  /** Median wait of asynchronous calls; undefined for others. */
  readonly queueNs: number | undefined;
  /** The p95 of the window before; undefined without one. */
  readonly p95BeforeNs: number | undefined;
  /** More than noise; what got worse first. */
  readonly changes: readonly EdgeChange[];
}

export interface TableData {
  readonly graph: ServiceGraph;
  readonly before: ServiceGraph | undefined;
  readonly changes: readonly EdgeChange[];
  /** Length of the window. */
  readonly seconds: number;
  /** Whether a part is among what the reader chose to see. */
  readonly shows: (part: GraphPart) => boolean;
  /** Nodes of the picture that no answer counts: what asynchronous calls go through. */
  readonly destinations: readonly PictureNode[];
}

const KINDS: Readonly<Record<NodeKind, string>> = {
  service: 'service',
  database: 'database',
  messaging: 'messaging',
  external: 'external',
};

export function edgeRows({ graph, before, changes, seconds, shows }: TableData): readonly TableRow[] {
  const byEdge = Map.groupBy(changes, ({ edge }) => edgeKey(edge));
  const earlier = new Map(before?.edges.from.map((_, i) => [edgeKey(edgeNameOf(before, i)), before.edges.p95Ns[i]!]));
  const { edges } = graph;
  const rows = edges.from.map((_, i): TableRow => {
    const edge = edgeNameOf(graph, i);
    const key = edgeKey(edge);
    const calls = edges.calls[i]!;
    return {
      key,
      part: { edge },
      from: edge.from,
      to: edge.to,
      kind: edge.async ? `async${edge.destination === '' ? '' : ` ${edge.destination}`}` : KINDS[edge.toKind],
      group: '',
      perSecond: calls / seconds,
      errorShare: calls === 0 ? 0 : edges.errors[i]! / calls,
      p50Ns: edges.p50Ns[i]!,
      p95Ns: edges.p95Ns[i]!,
      p99Ns: edges.p99Ns[i]!,
      queueNs: edge.async && edge.toKind === 'service' ? edges.queueP50Ns[i]! : undefined,
      p95BeforeNs: earlier.get(key),
      changes: byEdge.get(key) ?? [],
    };
  });
  return rows.filter(({ part }) => shows(part));
}

export function nodeRows({ graph, before, seconds, shows, destinations }: TableData): readonly TableRow[] {
  const { nodes } = graph;
  const rows = nodes.name.map((name, i): TableRow => {
    const part = nodePart(graph, i);
    const calls = nodes.calls[i]!;
    return {
      key: keyOfPart(part),
      part,
      from: '',
      to: name,
      kind: nodes.system[i]! || KINDS[nodes.kind[i]!],
      group: nodes.group[i]!,
      perSecond: calls / seconds,
      errorShare: calls === 0 ? 0 : nodes.errors[i]! / calls,
      p50Ns: nodes.p50Ns[i]!,
      p95Ns: nodes.p95Ns[i]!,
      p99Ns: nodes.p99Ns[i]!,
      queueNs: undefined,
      p95BeforeNs: before && partFigures(before, part)?.p95Ns,
      changes: [],
    };
  });
  return [...rows.filter(({ part }) => shows(part)), ...destinations.map(node => destinationRow(node, seconds))];
}

function destinationRow({ part, name, kind, group, calls, errors }: PictureNode, seconds: number): TableRow {
  return {
    ...{ key: keyOfPart(part), part, from: '', to: name, kind: KINDS[kind], group },
    perSecond: calls / seconds,
    errorShare: calls === 0 ? 0 : errors / calls,
    ...{ p50Ns: 0, p95Ns: 0, p99Ns: 0, queueNs: undefined, p95BeforeNs: undefined, changes: [] },
  };
}

/** How rows are ordered, by the keys of the columns. What got worse has the highest change. */
export const TABLE_ORDER: readonly ColumnOrder<TableRow>[] = [
  { key: 'from', value: row => row.from.toLowerCase() },
  { key: 'to', value: row => row.to.toLowerCase() },
  { key: 'kind', value: row => row.kind },
  { key: 'group', value: row => row.group.toLowerCase() },
  { key: 'rate', value: row => row.perSecond },
  { key: 'errors', value: row => row.errorShare },
  { key: 'p50', value: row => row.p50Ns },
  { key: 'p95', value: row => row.p95Ns },
  { key: 'p99', value: row => row.p99Ns },
  { key: 'queue', value: row => row.queueNs },
  { key: 'change', value: row => changeRank(row) },
];

function changeRank({ changes, p95Ns, p95BeforeNs }: TableRow): number | undefined {
  if (changes.some(({ worse }) => worse)) return 2e6;
  if (changes.length > 0) return 1e6;
  return p95BeforeNs === undefined || p95BeforeNs === 0 ? undefined : p95Ns / p95BeforeNs;
}

/** Whether any of the rows has a group. */
export function hasGroups(rows: readonly TableRow[]): boolean {
  return rows.some(({ group }) => group !== '');
}

/** The rows as a file, in their order: plain numbers, units in the heading. */
export function tableCsv(rows: readonly TableRow[], of: 'edges' | 'nodes'): string {
  const ends = of === 'edges' ? ['from', 'to'] : ['name'];
  const isGrouped = hasGroups(rows);
  const figures = [
    'kind',
    ...(isGrouped ? ['group'] : []),
    'calls per second',
    'errors %',
    'p50 ms',
    'p95 ms',
    'p99 ms',
    'queue p50 ms',
  ];
  const header = [...ends, ...figures, 'p95 before ms', 'change'];
  return csvText(
    header,
    rows.map((row): CsvCell[] => [
      ...(of === 'edges' ? [row.from, row.to] : [row.to]),
      row.kind,
      ...(isGrouped ? [row.group] : []),
      plain(row.perSecond),
      plain(row.errorShare * 100),
      ...[row.p50Ns, row.p95Ns, row.p99Ns, row.queueNs, row.p95BeforeNs].map(ms),
      row.changes.map(({ what, worse }) => `${what}${worse ? ' worse' : ''}`).join('; '),
    ]),
  );
}

function ms(ns: number | undefined): number | undefined {
  return ns === undefined ? undefined : plain(ns / 1e6);
}

/** Six digits: more would be noise. */
function plain(value: number): number {
  return Number(value.toPrecision(6));
}
