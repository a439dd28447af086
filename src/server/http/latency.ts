import type { FastifyInstance } from 'fastify';
import type { CellTraces, Difference, LatencyHeatmap, RedSeries } from '#domain/api/latency-api.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { BoxArgs } from '#server/latency/cell-traces.ts';
import type { DifferenceArgs } from '#server/latency/difference.ts';
import type { ColumnsArgs } from '#server/latency/heatmap.ts';
import type { LatencyArgs } from '#server/latency/units.ts';
import type { Store } from '#server/store/store.ts';
import { sendAnswer } from './send-answer.ts';

type Query = Record<string, unknown>;

/** GET /api/heatmap, /api/red, /api/heatmap/traces and /api/difference: how long things took, and why. Shapes: `#domain/api/latency-api.ts`. */
export function addLatency(app: FastifyInstance, store: Pick<Store, 'query'>): void {
  app.get('/api/heatmap', (request, reply) =>
    sendAnswer<LatencyHeatmap>(store, reply, 'heatmap', columnsArgs(request.query as Query)),
  );
  app.get('/api/red', (request, reply) =>
    sendAnswer<RedSeries>(store, reply, 'red', columnsArgs(request.query as Query)),
  );
  app.get('/api/heatmap/traces', (request, reply) =>
    sendAnswer<CellTraces>(store, reply, 'cellTraces', boxArgs(request.query as Query)),
  );
  app.get('/api/difference', (request, reply) =>
    sendAnswer<Difference>(store, reply, 'difference', differenceArgs(request.query as Query)),
  );
}

function latencyArgs(query: Query): Result<LatencyArgs, string> {
  const { q = '{}', of = 'spans' } = query;
  if (typeof q !== 'string') return err('q may be given once');
  if (of !== 'spans' && of !== 'traces') return err('of is spans or traces');
  const [startNs, endNs] = [unixNs(query.start), unixNs(query.end)];
  if (startNs === undefined || endNs === undefined) return err('start and end are unix seconds or nanoseconds');
  if (startNs >= endNs) return err('start must be before end');
  return ok({ q, of, startNs, endNs });
}

const MAX_COLUMNS = 2_000;

function columnsArgs(query: Query): Result<ColumnsArgs, string> {
  const args = latencyArgs(query);
  if (!args.ok) return args;
  const { columns = '60' } = query;
  const count = typeof columns === 'string' && /^\d{1,4}$/.test(columns) ? Number(columns) : 0;
  if (count < 1 || count > MAX_COLUMNS) return err(`columns is a number from 1 to ${MAX_COLUMNS}`);
  return ok({ ...args.value, columns: count });
}

function boxArgs(query: Query): Result<BoxArgs, string> {
  const args = latencyArgs(query);
  if (!args.ok) return args;
  const match = typeof query.box === 'string' ? /^(\d{0,19})~(\d{0,19})~(\d{0,19})~(\d{0,19})$/.exec(query.box) : null;
  if (match === null)
    return err('box is from~to~min~max: unix nanoseconds and durations in nanoseconds; open where empty');
  const [fromNs, toNs, minNs, maxNs] = match.slice(1).map(text => (text === '' ? undefined : BigInt(text)));
  return ok({ ...args.value, box: { fromNs, toNs, minNs, maxNs } });
}

function differenceArgs(query: Query): Result<DifferenceArgs, string> {
  const args = boxArgs(query);
  if (!args.ok) return args;
  const { baseline = 'rest' } = query;
  if (baseline !== 'rest' && baseline !== '1h' && baseline !== '1d' && baseline !== '1w') {
    return err('baseline is rest, 1h, 1d or 1w');
  }
  return ok({ ...args.value, baseline });
}

/** Up to ten digits are seconds. */
function unixNs(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) return undefined;
  const number = BigInt(value);
  if (value.length <= 10) return number * 1_000_000_000n;
  return number < 2n ** 63n ? number : undefined;
}
