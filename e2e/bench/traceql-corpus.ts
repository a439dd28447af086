import { createHash } from 'node:crypto';
import { encodeRequest, type PlainAttributes, type PlainSpan } from '#e2e/otlp/encode-spans.ts';
import { seededRandom } from '#e2e/random.ts';

const SERVICES = Array.from({ length: 20 }, (_, i) => `service-${String(i).padStart(2, '0')}`);
const SPANS_PER_TRACE = 20;
const SPANS_PER_REQUEST = 500;
const TENANTS = 50;
const USERS = 50_000;
const ROUTES = 40;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const REGIONS = ['eu-central', 'eu-west', 'us-east', 'us-west'];
const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;

/** One of the traces, to be asked for by id. */
export const SOME_TRACE = 4_321;

/** As scattered as real ids are: neighbours would compress better and read slower. */
export function traceIdOf(trace: number): Buffer {
  return createHash('md5').update(String(trace)).digest();
}

function spanIdOf(trace: number, span: number): Buffer {
  return createHash('md5').update(`${trace}/${span}`).digest().subarray(0, 8);
}

/**
 * Requests of 500 spans: traces of 20 spans over 20 services, 8 attributes a span (one of 50,000 users, one of 50 tenants),
 * one span in a hundred failed, evenly over the `windowMs` before `endUnixMs`.
 */
export function* traceqlCorpus(spans: number, endUnixMs: number, windowMs: number): Generator<Buffer> {
  const random = seededRandom(23);
  const traces = Math.ceil(spans / SPANS_PER_TRACE);
  const waiting = new Map<number, PlainSpan[]>();
  const encode = (service: number, batch: readonly PlainSpan[]) =>
    encodeRequest(
      [
        ['service.name', SERVICES[service]!],
        ['service.version', '1.0.0'],
      ],
      'bench',
      batch,
    );
  for (let trace = 0; trace < traces; trace++) {
    const startUnixMs = endUnixMs - windowMs + Math.floor((trace / traces) * windowMs);
    for (const [service, span] of traceOf(trace, BigInt(startUnixMs) * 1_000_000n, random)) {
      const batch = waiting.get(service) ?? [];
      waiting.set(service, batch);
      if (batch.push(span) < SPANS_PER_REQUEST) continue;
      yield encode(service, batch);
      waiting.set(service, []);
    }
  }
  for (const [service, batch] of waiting) if (batch.length > 0) yield encode(service, batch);
}

function* traceOf(trace: number, startUnixNano: bigint, random: () => number): Generator<[number, PlainSpan]> {
  const below = (end: number) => Math.floor(random() * end);
  const traceId = traceIdOf(trace);
  const [tenant, user, region] = [below(TENANTS), below(USERS), below(REGIONS.length)];
  for (let i = 0; i < SPANS_PER_TRACE; i++) {
    const failed = random() < 0.01;
    const startNs = startUnixNano + BigInt(i * 1_000_000 + below(1_000_000));
    const route = below(ROUTES);
    const attributes: PlainAttributes = [
      ['http.request.method', METHODS[route % METHODS.length]!],
      ['http.route', `/api/v1/resource-${route}`],
      ['http.response.status_code', failed ? 500 : 200],
      ['tenant.id', `tenant-${tenant}`],
      ['user.id', `user-${user}`],
      ['cloud.region', REGIONS[region]!],
      ['thread.id', below(64)],
      ['cache.hit', random() < 0.5],
    ];
    yield [
      below(SERVICES.length),
      {
        traceId,
        spanId: spanIdOf(trace, i),
        parentSpanId: i === 0 ? Buffer.alloc(0) : spanIdOf(trace, Math.floor((i - 1) / 3)),
        name: `${METHODS[route % METHODS.length]} /api/v1/resource-${route}`,
        kind: i % 2 === 0 ? SERVER : CLIENT,
        startUnixNano: startNs,
        endUnixNano: startNs + BigInt(Math.round(1e6 * Math.exp(random() * 6))),
        status: failed ? ERROR : 0,
        statusMessage: failed ? 'timeout' : '',
        attributes,
        events: [],
      },
    ];
  }
}
