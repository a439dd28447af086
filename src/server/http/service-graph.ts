import type { FastifyInstance } from 'fastify';
import type { CallsAnswer, GraphBaseline, ServiceGraphAnswer } from '#domain/api/graph-api.ts';
import type { NodeKind } from '#domain/graph/service-graph.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { CallsArgs } from '#server/graph/query-calls.ts';
import type { ServiceGraphArgs } from '#server/graph/query-graph.ts';
import type { Store } from '#server/store/store.ts';
import { sendAnswer } from './send-answer.ts';
import { readUnixRange } from './unix-range.ts';

type Query = Record<string, unknown>;

/** GET /api/service-graph and GET /api/service-graph/calls: what calls what, and what a call is made of. */
export function addServiceGraph(app: FastifyInstance, store: Pick<Store, 'query'>): void {
  app.get('/api/service-graph', (request, reply) =>
    sendAnswer<ServiceGraphAnswer>(store, reply, 'serviceGraph', graphArgs(request.query as Query)),
  );
  app.get('/api/service-graph/calls', (request, reply) =>
    sendAnswer<CallsAnswer>(store, reply, 'graphCalls', callsArgs(request.query as Query)),
  );
}

const BASELINES: readonly string[] = ['previous', 'day', 'week'] satisfies GraphBaseline[];
const KINDS: readonly string[] = ['service', 'database', 'messaging', 'external'] satisfies NodeKind[];

function rangeArgs(query: Query): Result<Omit<ServiceGraphArgs, 'groupBy'>, string> {
  const { q = '', compare } = query;
  if (typeof q !== 'string') return err('q may be given once');
  if (compare !== undefined && !BASELINES.includes(compare as string)) {
    return err(`compare is one of ${BASELINES.join(', ')}`);
  }
  const range = readUnixRange(query);
  if (!range.ok) return range;
  const { startNs, endNs } = range.value;
  if (startNs === undefined || endNs === undefined) return err('start and end say which window, in unix seconds');
  return ok({ q, startNs, endNs, compare: compare as GraphBaseline | undefined });
}

function graphArgs(query: Query): Result<ServiceGraphArgs, string> {
  const { group = '' } = query;
  if (typeof group !== 'string') return err('group is the key of a resource attribute');
  const range = rangeArgs(query);
  return range.ok ? ok({ ...range.value, groupBy: group.replace(/^resource\./, '') }) : range;
}

function callsArgs(query: Query): Result<CallsArgs, string> {
  const range = rangeArgs(query);
  if (!range.ok) return range;
  const { from, to, kind = 'service', service, destination = '' } = query;
  if (typeof service === 'string') return ok({ ...range.value, of: { service } });
  if (typeof to !== 'string') return err('service names a node, to (with kind) a peer, from and to an edge');
  if (!KINDS.includes(kind as string)) return err(`kind is one of ${KINDS.join(', ')}`);
  const toKind = kind as NodeKind;
  if (typeof from !== 'string') return ok({ ...range.value, of: { peer: to, kind: toKind } });
  if (typeof destination !== 'string') return err('destination may be given once');
  const edge = { from, to, toKind, async: query.async === 'true', destination };
  return ok({ ...range.value, of: { edge } });
}
