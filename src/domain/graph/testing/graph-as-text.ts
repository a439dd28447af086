import { durationText } from '#domain/format/duration.ts';
import type { ServiceGraph } from '#domain/graph/service-graph.ts';

/** A graph for assertions: one line for each edge and for each node. */
export function graphAsText({ nodes, edges }: ServiceGraph): string[] {
  const label = (i: number) =>
    nodes.kind[i] === 'service' ? nodes.name[i] || '-' : `${nodes.name[i]} (${nodes.kind[i]})`;
  const counted = (calls: number, errors: number) => `${calls}${errors > 0 ? `, ${errors} failed` : ''}`;
  const edgeLines = edges.from.map((from, i) =>
    [
      `${label(from)} ${edges.async[i] ? '~>' : '->'} ${label(edges.to[i])} ${counted(edges.calls[i], edges.errors[i])}`,
      `p95 ${plain(edges.p95Ns[i])}`,
      ...(edges.destination[i] === '' ? [] : [`through ${edges.destination[i]}`]),
      ...(edges.queueP95Ns[i] > 0 ? [`waited ${plain(edges.queueP95Ns[i])}`] : []),
      ...(edges.clientOnly[i] > 0 ? [`${edges.clientOnly[i]} seen from the caller alone`] : []),
    ].join(', '),
  );
  const nodeLines = nodes.name.map((_, i) =>
    [
      `${label(i)}: ${counted(nodes.calls[i], nodes.errors[i])}`,
      ...(nodes.system[i] === '' ? [] : [nodes.system[i]]),
      ...(nodes.group[i] === '' ? [] : [`of ${nodes.group[i]}`]),
      ...(nodes.unnamedCalls[i] > 0 ? [`${nodes.unnamedCalls[i]} calls to nobody named`] : []),
      ...(nodes.unknownCallers[i] > 0 ? [`${nodes.unknownCallers[i]} unknown callers`] : []),
    ].join(', '),
  );
  return [...edgeLines, ...nodeLines];
}

function plain(ns: number): string {
  return durationText(ns).replaceAll('\u00a0', ' ');
}
