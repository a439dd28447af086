import { decodeMetrics, type MetricsSeries } from '#decoding/tempo/metrics.ts';
import { decodeTagValues } from '#decoding/tempo/tags.ts';
import { type EdgeRow, graphOfRows, type NodeRow } from '#domain/graph/graph-rows.ts';
import { type Peer, type PeerParts, peerOf, serviceOfPeer } from '#domain/graph/peer-name.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import type { GraphReading, GraphRequest, GraphSource } from '#sources/graph-source.ts';
import { SourceError } from '#sources/trace-source.ts';

/** GETs a path of Tempo's API as JSON. */
type GetJson = (path: string, signal: AbortSignal) => Promise<unknown>;

const MAX_SERVICES = 200;
const AT_ONCE = 4;
const MAX_EDGES = 10_000;
const ANSWERED = { compare: false, groupBy: false, query: false };
/** Calls that no span answered, by what they say of whom they called: Tempo groups by five fields at most. */
const UNANSWERED: readonly {
  readonly where: string;
  readonly isProducer: boolean;
  readonly fields: readonly string[];
}[] = [
  {
    where: 'kind = client && (span.db.system.name != nil || span.db.system != nil)',
    isProducer: false,
    fields: ['span.db.system.name', 'span.db.system', 'span.server.address'],
  },
  {
    where: 'kind = client && span.db.system.name = nil && span.db.system = nil',
    isProducer: false,
    fields: ['span.peer.service', 'span.server.address'],
  },
  { where: 'kind = producer', isProducer: true, fields: ['span.messaging.destination.name', 'span.messaging.system'] },
];

/**
 * Graphs from TraceQL metrics, which cannot tell caller and callee at once: one pair of questions for each caller, and two
 * pairs for all services. Spans that were answered count, by the callee's time; Tempo itself interpolates the quantiles.
 */
export function tempoGraph(json: GetJson): GraphSource {
  return {
    capabilities: ANSWERED,
    async graph(request, { signal, onPart }) {
      const ask = async (query: string): Promise<readonly MetricsSeries[]> => {
        const params = windowParams(request);
        params.set('q', query);
        return decodeMetrics(await json(`/api/metrics/query?${params}`, signal)).series;
      };
      const path = `/api/v2/search/tag/resource.service.name/values?${windowParams(request)}`;
      const all = decodeTagValues(await json(path, signal)).map(({ value }) => value);
      const services = all.slice(0, MAX_SERVICES);
      const edges: EdgeRow[] = [];
      let nodes: readonly NodeRow[] = [];
      const covers = coverage(all.length - services.length, request);
      const total = services.length + 2;
      let done = 0;
      const reading = (): GraphReading => ({
        startUnixNano: String(request.startUnixNano),
        endUnixNano: String(request.endUnixNano),
        graph: graphOfRows(nodes, edges, MAX_EDGES),
        covers,
        done,
        total,
      });
      const tell = (): void => {
        done++;
        if (done < total) onPart?.(reading());
      };
      const byName = new Map(services.map(name => [name.toLowerCase(), name]));
      const tasks = [
        async () => {
          nodes = await nodesOf(ask);
          tell();
        },
        ...services.map(service => async () => {
          edges.push(...(await edgesFrom(ask, service)));
          tell();
        }),
        async () => {
          edges.push(...(await leavesOf(ask, byName, covers)));
          tell();
        },
      ];
      await inTurns(tasks, AT_ONCE);
      return reading();
    },
  };
}

function coverage(leftOut: number, { query }: GraphRequest): string[] {
  const sentences = [
    'Counted by Tempo from its metrics, one question for each service; durations are those of the callee.',
  ];
  if (!/^\s*(?:\{\s*\}\s*)?$/.test(query)) {
    sentences.push('The query is not applied: Tempo cannot count the calls of matching traces only.');
  }
  if (leftOut > 0) sentences.push(`${leftOut} services are left out: only ${MAX_SERVICES} are asked for.`);
  return sentences;
}

type Ask = (query: string) => Promise<readonly MetricsSeries[]>;

const BY_SERVICE = 'resource.service.name';

async function edgesFrom(ask: Ask, service: string): Promise<readonly EdgeRow[]> {
  const name = quoteGo(service);
  const calls = `{ ${BY_SERVICE} = ${name} } > { ${BY_SERVICE} != ${name} }`;
  const counts = await ask(`${calls} | count_over_time() by (${BY_SERVICE}, status)`);
  if (counts.length === 0) return [];
  const durations = quantilesBy(await ask(`${calls} | quantile_over_time(duration, .5, .95, .99) by (${BY_SERVICE})`));
  return [...Map.groupBy(counts, ({ labels }) => labels.get(BY_SERVICE) ?? '')].map(([to, series]) => ({
    ...plainEdge(service, to),
    ...countsOf(series),
    ...(durations.get(to) ?? NO_DURATIONS),
  }));
}

async function nodesOf(ask: Ask): Promise<readonly NodeRow[]> {
  const requests = '{ kind = server || kind = consumer || nestedSetParent < 0 }';
  const counts = await ask(`${requests} | count_over_time() by (${BY_SERVICE}, status)`);
  const durations = quantilesBy(
    await ask(`${requests} | quantile_over_time(duration, .5, .95, .99) by (${BY_SERVICE})`),
  );
  return [...Map.groupBy(counts, ({ labels }) => labels.get(BY_SERVICE) ?? '')].map(([name, series]) => ({
    ...{ name, kind: 'service' as const, system: '', group: '', unnamedCalls: 0, unknownCallers: 0 },
    ...countsOf(series),
    ...(durations.get(name) ?? NO_DURATIONS),
  }));
}

/** Calls that no span answered; not all versions of Tempo can tell. */
async function leavesOf(
  ask: Ask,
  services: ReadonlyMap<string, string>,
  covers: string[],
): Promise<readonly EdgeRow[]> {
  const calls: {
    from: string;
    to: Peer | { name: string; kind: 'service'; system: '' };
    isProducer: boolean;
    series: MetricsSeries;
  }[] = [];
  for (const { where, isProducer, fields } of UNANSWERED) {
    const by = [BY_SERVICE, ...fields, 'status'].join(', ');
    try {
      for (const series of await ask(`{ ${where} && span:childCount = 0 } | count_over_time() by (${by})`)) {
        const peer = peerOf(partsOf(series), isProducer);
        const from = series.labels.get(BY_SERVICE);
        if (peer === undefined || from === undefined) continue;
        const service = serviceOfPeer(peer, services);
        const to = service === undefined ? peer : { name: service, kind: 'service' as const, system: '' as const };
        calls.push({ from, to, isProducer, series });
      }
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind !== 'bad-query') throw error;
      covers.push(`Databases and other systems are missing: ${error.message}`);
      return [];
    }
  }
  const edges = Map.groupBy(calls, ({ from, to, isProducer }) => JSON.stringify([from, to.name, to.kind, isProducer]));
  return [...edges.values()].map(group => {
    const [{ from, to, isProducer }] = group;
    const counts = countsOf(group.map(({ series }) => series));
    const clientOnly = to.kind === 'service' ? counts.calls : 0;
    const edge = { ...plainEdge(from, to.name), toKind: to.kind, toSystem: to.system, ...counts, ...NO_DURATIONS };
    return { ...edge, clientOnly, async: isProducer, destination: isProducer ? to.name : '' };
  });
}

function partsOf({ labels }: MetricsSeries): PeerParts {
  const say = (...fields: readonly string[]) =>
    fields.map(field => labels.get(field) ?? '').find(value => value !== '' && value !== 'nil') ?? '';
  return {
    service: say('span.peer.service'),
    dbSystem: say('span.db.system.name', 'span.db.system'),
    address: say('span.server.address'),
    destination: say('span.messaging.destination.name'),
    messagingSystem: say('span.messaging.system'),
    dbNamespace: '',
  };
}

function countsOf(series: readonly MetricsSeries[]): { calls: number; errors: number; traces: number } {
  let calls = 0;
  let errors = 0;
  for (const { labels, value } of series) {
    calls += value;
    if (labels.get('status') === 'error') errors += value;
  }
  return { calls, errors, traces: calls };
}

const NO_DURATIONS = { p50Ns: 0, p95Ns: 0, p99Ns: 0, p95LowNs: 0, p95HighNs: 0 };

/** By service. Tempo gives durations in seconds. */
function quantilesBy(series: readonly MetricsSeries[]): ReadonlyMap<string, typeof NO_DURATIONS> {
  const found = new Map<string, typeof NO_DURATIONS>();
  for (const { labels, value } of series) {
    const service = labels.get(BY_SERVICE) ?? '';
    const ns = Math.round(value * 1e9);
    const p = Number(labels.get('p'));
    const known = found.get(service) ?? NO_DURATIONS;
    if (p === 0.5) found.set(service, { ...known, p50Ns: ns });
    else if (p === 0.95) found.set(service, { ...known, p95Ns: ns, p95LowNs: ns, p95HighNs: ns });
    else if (p === 0.99) found.set(service, { ...known, p99Ns: ns });
  }
  return found;
}

function plainEdge(from: string, to: string) {
  const none = { queueP50Ns: 0, queueP95Ns: 0, clientOnly: 0 };
  return { from, to, toKind: 'service' as const, toSystem: '', async: false, destination: '', ...none };
}

async function inTurns(tasks: readonly (() => Promise<void>)[], atOnce: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < tasks.length) await tasks[next++]();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function windowParams({ startUnixNano, endUnixNano }: GraphRequest): URLSearchParams {
  const second = 1_000_000_000n;
  return new URLSearchParams({
    start: String(startUnixNano / second),
    end: String((endUnixNano + second - 1n) / second),
  });
}
