import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Store } from '#server/store/store.ts';
import { divisionFault } from '#server/tempo/division-fault.ts';
import { parametersOf, type RangeLimits } from '#server/tempo/parameters.ts';
import { askStore } from '#server/tempo/query-client.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { sendReply } from '#server/tempo/send-reply.ts';
import { instantJson, rangeJson } from './metrics-json.ts';
import { readMetricsArgs } from './metrics-parameters.ts';
import type { MetricsAnswer } from './query-metrics.ts';

/** `/api/metrics/query_range` and `/api/metrics/query`. */
export function registerMetricsRoutes(app: FastifyInstance, store: Pick<Store, 'query'>, limits: RangeLimits): void {
  app.get('/api/metrics/query_range', (request, reply) => sendMetrics(store, limits, request, reply, 'range'));
  app.get('/api/metrics/query', (request, reply) => sendMetrics(store, limits, request, reply, 'instant'));
}

async function sendMetrics(
  store: Pick<Store, 'query'>,
  { maxMetricsRangeMs }: RangeLimits,
  request: FastifyRequest,
  reply: FastifyReply,
  form: 'range' | 'instant',
): Promise<FastifyReply> {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  const args = readMetricsArgs(parametersOf(request.query), form, nowNs, maxMetricsRangeMs);
  if (!args.ok) return refuse(reply, 400, args.error);
  const fault = divisionFault(args.value.q);
  if (fault !== undefined) return refuse(reply, 500, fault);
  const answer = await askStore<Answer<MetricsAnswer>>(store, 'metrics', args.value, reply);
  if (!answer.ok) return refuse(reply, 400, answer.message);
  return sendReply(request, reply, form, form === 'range' ? rangeJson(answer.value) : instantJson(answer.value));
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(message);
}
