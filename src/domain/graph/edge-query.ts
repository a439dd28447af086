import type { EdgeName, GraphPart } from '#domain/api/graph-api.ts';
import { filtersOf, queryOf } from '#domain/search/filters.ts';
import type { Stage } from '#domain/traceql/ast.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { printField, printQuery } from '#domain/traceql/print.ts';
import { PEER_KEYS, type PeerPart } from './peer-name.ts';
import type { NodeKind, ServiceGraph } from './service-graph.ts';

export interface PartContext {
  /** The graph that the part is of: what else there is between two services decides how much must be said. */
  readonly graph: ServiceGraph;
  /** Span attributes that occur in the window; undefined if nobody knows. What cannot occur is not asked for. */
  readonly spanAttributes: ReadonlySet<string> | undefined;
}

/**
 * TraceQL that finds the traces with a call of this edge, with spans of this service, or with a call to this peer: those
 * that `countCalls` counts. It differs where TraceQL cannot say it: calls by a link are not found. Canonical spelling.
 */
export function queryOfPart(part: GraphPart, context: PartContext): string {
  return canonical('edge' in part ? edgeQuery(part.edge, context) : nodeQuery(part, context));
}

/**
 * Traces that `query` finds and in which there is such a part, too. Paused filters stay. Undefined where `query` is not
 * understood or finds no traces (metrics).
 */
export function queryOfPartWithin(query: string, part: GraphPart, context: PartContext): string | undefined {
  const { filters, rest } = filtersOf(query);
  const active = parseQuery(queryOf(filters.filter(isActive), rest));
  const added = parseQuery(queryOfPart(part, context));
  if (!active.ok || !added.ok || active.value.body.type !== 'pipeline' || added.value.body.type !== 'pipeline') {
    return undefined;
  }
  const { body, hints } = active.value;
  if (body.metrics !== undefined) return undefined;
  const [only] = body.stages;
  const isEverything = body.stages.length === 1 && only.type === 'filter' && only.expr === undefined;
  const both: Stage = {
    type: 'combination',
    op: '&&',
    operands: [operand(body.stages), operand(added.value.body.stages)],
    ...PLACE,
  };
  const whole = isEverything ? added.value.body : { ...body, stages: [both] };
  return queryOf(
    filters.filter(filter => !isActive(filter)),
    printQuery({ body: whole, hints }),
  );
}

const PLACE = { from: 0, to: 0 };
const CALLS = '(kind = client || kind = producer)';

function isActive({ paused }: { readonly paused?: true }): boolean {
  return paused !== true;
}

function operand(stages: readonly Stage[]) {
  const [only] = stages;
  const isSpanset = only.type !== 'by' && only.type !== 'coalesce' && only.type !== 'select';
  return stages.length === 1 && isSpanset ? only : { type: 'pipeline' as const, stages, ...PLACE };
}

function edgeQuery(edge: EdgeName, context: PartContext): string {
  if (edge.toKind !== 'service') {
    const sent = edge.async ? ['kind = producer', ...destinationIs(edge.destination, context)] : ['kind = client'];
    return unanswered(edge.from, [...sent, ...peerIs(edge.to, edge.toKind, context)]);
  }
  const { clientOnly, hasTwin } = siblings(edge, context.graph);
  const answered = edge.async ? asyncCalls(edge, context, hasTwin) : syncCalls(edge, hasTwin);
  if (clientOnly === 0) return answered;
  const sent = edge.async ? ['kind = producer', ...destinationIs(edge.destination, context)] : ['kind = client'];
  return `(${answered}) || (${unanswered(edge.from, [...sent, ...namesService(edge.to, context)])})`;
}

function syncCalls({ from, to }: EdgeName, hasTwin: boolean): string {
  const [caller, callee] = [ofService(from), ofService(to)];
  if (from === to) return `{ ${caller} && kind = client } > { ${callee} && kind = server }`;
  return hasTwin
    ? `{ ${caller} && kind != producer } > { ${callee} && kind != consumer }`
    : `{ ${caller} } > { ${callee} }`;
}

function asyncCalls({ from, to, destination }: EdgeName, context: PartContext, hasTwin: boolean): string {
  const [caller, callee] = [ofService(from), ofService(to)];
  const taken = from === to ? `${callee} && (kind = server || kind = consumer)` : callee;
  if (destination !== '' || hasTwin) {
    const conditions = [caller, 'kind = producer', ...destinationIs(destination, context)];
    const sent = `{ ${conditions.join(' && ')} } > { ${taken} }`;
    // Whoever is called by a consumer's span without a producer before it says no destination.
    const asked = from === to ? 'kind = client' : 'kind != producer';
    return destination === '' ? `(${sent}) || ({ ${caller} && ${asked} } > { ${callee} && kind = consumer })` : sent;
  }
  return from === to
    ? `{ ${caller} && ${CALLS} } > { ${callee} && (kind = server || kind = consumer) }`
    : `{ ${caller} } > { ${callee} }`;
}

/** Calls of which only the caller's half is here, and whether other edges run between the same two. */
function siblings(edge: EdgeName, { nodes, edges }: ServiceGraph): { clientOnly: number; hasTwin: boolean } {
  let clientOnly = 0;
  let hasTwin = false;
  for (const [i, from] of edges.from.entries()) {
    const to = edges.to[i];
    if (nodes.name[from] !== edge.from || nodes.name[to] !== edge.to || nodes.kind[to] !== edge.toKind) continue;
    if (edges.async[i] === edge.async && edges.destination[i] === edge.destination) clientOnly += edges.clientOnly[i];
    else hasTwin = true;
  }
  return { clientOnly, hasTwin };
}

function nodeQuery(part: Exclude<GraphPart, { edge: EdgeName }>, context: PartContext): string {
  if ('service' in part) return `{ ${ofService(part.service)} }`;
  return unanswered(undefined, [CALLS, ...peerIs(part.peer, part.kind, context)]);
}

function ofService(name: string): string {
  return `resource.service.name = ${quoteGo(name)}`;
}

/** Spans of a caller whose call nobody took: those that are the parent of no other half. */
function unanswered(caller: string | undefined, conditions: readonly string[]): string {
  const half =
    caller === undefined ? 'kind != internal' : `kind != internal || resource.service.name != ${quoteGo(caller)}`;
  const own = caller === undefined ? [] : [ofService(caller)];
  return `{ ${half} } !< { ${[...new Set([...own, ...conditions])].join(' && ')} }`;
}

/** What `peerOf` says, as conditions: the first of what a span tells of its peer is the name. */
function peerIs(name: string, kind: NodeKind, context: PartContext): readonly string[] {
  const isDatabase = keysOf('dbSystem', context).map(key => `${key} != nil`);
  const isNoDatabase = hasNot('dbSystem', context);
  if (kind === 'database') {
    return [anyOf(isDatabase), firstIs(name, ['service', 'dbNamespace', 'address', 'dbSystem'], context)];
  }
  if (kind === 'messaging') {
    const isMessaging = [...keysOf('destination', context), ...keysOf('messagingSystem', context)];
    return [
      firstIs(name, ['service', 'destination', 'address', 'messagingSystem'], context),
      anyOf([...isMessaging.map(key => `${key} != nil`), 'kind = producer']),
      ...isNoDatabase,
    ];
  }
  const isNoMessage = [...hasNot('destination', context), ...hasNot('messagingSystem', context)];
  return [firstIs(name, ['service', 'address'], context), 'kind = client', ...isNoDatabase, ...isNoMessage];
}

/** The first part that is said is `name`. */
function firstIs(name: string, parts: readonly PeerPart[], context: PartContext): string {
  const choices = parts.flatMap((part, i) => {
    const said = keysOf(part, context).map(
      key => `${key} ${part === 'address' ? maybeWithPort(name) : `= ${quoteGo(name)}`}`,
    );
    if (said.length === 0) return [];
    return [[anyOf(said), ...parts.slice(0, i).flatMap(earlier => hasNot(earlier, context))].join(' && ')];
  });
  return anyOf(choices);
}

/** Conditions of spans that `serviceOfPeer` takes for calls of a service. */
function namesService(service: string, context: PartContext): readonly string[] {
  const pattern = quoteGo(`(?i)${escapeRegex(service)}(\\.(.*\\.)?(svc|local))?(:[0-9]+)?`);
  const keys = (['service', 'destination', 'address'] as const).flatMap(part => keysOf(part, context));
  return [anyOf(keys.map(key => `${key} =~ ${pattern}`)), ...hasNot('dbSystem', context)];
}

function destinationIs(destination: string, context: PartContext): readonly string[] {
  if (destination === '') return hasNot('destination', context);
  return [anyOf(keysOf('destination', context).map(key => `${key} = ${quoteGo(destination)}`))];
}

function hasNot(part: PeerPart, context: PartContext): readonly string[] {
  return keysOf(part, context).map(key => `${key} = nil`);
}

function keysOf(part: PeerPart, { spanAttributes }: PartContext): readonly string[] {
  return PEER_KEYS[part]
    .filter(key => spanAttributes === undefined || spanAttributes.has(key))
    .map(key => printField({ type: 'attribute', scope: 'span', key, ...PLACE }));
}

function anyOf(conditions: readonly string[]): string {
  if (conditions.length === 0) return 'false';
  return conditions.length === 1 ? conditions[0] : `(${conditions.join(' || ')})`;
}

/** Addresses are told with and without a port. */
function maybeWithPort(name: string): string {
  return `=~ ${quoteGo(`${escapeRegex(name)}(:[0-9]+)?`)}`;
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function canonical(text: string): string {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return printQuery(parsed.value);
}
