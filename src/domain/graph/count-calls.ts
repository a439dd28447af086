import { SpanKind, StatusCode, type TraceTable } from '#domain/trace/trace-table.ts';
import { PEER_KEYS, type PeerPart, type PeerParts, peerOf, serviceOfPeer } from './peer-name.ts';
import type { NodeKind } from './service-graph.ts';

/** One call between services. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly toKind: NodeKind;
  readonly toSystem: string;
  readonly async: boolean;
  readonly destination: string;
  readonly failed: boolean;
  readonly durationNs: number;
  /** Of asynchronous calls whose both ends are here. */
  readonly queueNs: number | undefined;
  /** `client`: a call to a known service that sent no span for it. */
  readonly half: 'both' | 'client';
  readonly traceId: string;
}

/** A request that a service took. */
export interface Request {
  readonly service: string;
  readonly failed: boolean;
  readonly durationNs: number;
}

export interface CountedCalls {
  readonly calls: readonly Call[];
  readonly requests: readonly Request[];
  /** Service of each client or producer span that nobody answered and that does not say whom it called. */
  readonly unnamed: readonly string[];
  /** Service of each server or consumer span whose caller is named but not here. */
  readonly unknownCallers: readonly string[];
}

/**
 * The calls between services in whole traces:
 *
 * - A span whose parent belongs to another service is one call from there, whatever the kinds: both halves of a call make
 *   one call. Within a service only client → server and producer → consumer are calls.
 * - It is asynchronous if the caller is a producer or the callee a consumer. A link from any span to a producer that is not
 *   its parent is such a call, too: one for each message of a batch.
 * - A client or producer span that nobody answered is a call to whom it names (`peer-name.ts`): a service that sends spans
 *   itself, and then only the caller's half is here, or a database, a destination, a host. Of client spans around client
 *   spans the innermost counts.
 * - A call failed if either half did. Its duration is the callee's; the caller's if the callee sent none.
 *
 * Reads attributes of the traces, hence the promise.
 */
export async function countCalls(tables: readonly TraceTable[]): Promise<CountedCalls> {
  const calls: Call[] = [];
  const requests: Request[] = [];
  const unknownCallers: string[] = [];
  const traces = await Promise.all(tables.map(async table => ({ table, partsOf: await peerParts(table) })));
  const producers = producersOf(tables);
  const answered = tables.map(({ length }) => new Uint8Array(length));

  for (const [t, { table, partsOf }] of traces.entries()) {
    const { parent, kind } = table;
    for (let row = 0; row < table.length; row++) {
      const caller = parent[row];
      const isCall = caller >= 0 && isCallBetween(table, caller, row);
      if (isCall) calls.push(callBetween(table, caller, table, row, partsOf(caller)));
      if (isCall || (caller >= 0 && bothCall(kind[caller], kind[row]))) answered[t][caller] = 1;
      let isLinked = false;
      for (const [pt, producer] of linkedProducers(table, row, producers)) {
        isLinked = true;
        answered[pt][producer] = 1;
        if (pt === t && producer === caller) continue;
        calls.push(callBetween(tables[pt], producer, table, row, traces[pt].partsOf(producer)));
      }
      const takes = kind[row] === SpanKind.server || kind[row] === SpanKind.consumer;
      const service = serviceOf(table, row);
      if (takes || table.parentSpanId[row] === 0n || (isCall && service !== serviceOf(table, caller))) {
        requests.push({ service, failed: hasFailed(table, row), durationNs: durationOf(table, row) });
      }
      if (takes && caller < 0 && table.parentSpanId[row] !== 0n && !isLinked) unknownCallers.push(service);
    }
  }

  const services = servicesByLowerCase(tables);
  const unnamed: string[] = [];
  for (const [t, { table, partsOf }] of traces.entries()) {
    for (let row = 0; row < table.length; row++) {
      const isProducer = table.kind[row] === SpanKind.producer;
      if (answered[t][row] === 1 || (!isProducer && table.kind[row] !== SpanKind.client)) continue;
      const call = callToPeer(table, row, partsOf(row), services);
      if (call === undefined) unnamed.push(serviceOf(table, row));
      else calls.push(call);
    }
  }
  return { calls, requests, unnamed, unknownCallers };
}

function isCallBetween(table: TraceTable, caller: number, callee: number): boolean {
  if (serviceOf(table, caller) !== serviceOf(table, callee)) return true;
  const { kind } = table;
  const asks = kind[caller] === SpanKind.client || kind[caller] === SpanKind.producer;
  return asks && (kind[callee] === SpanKind.server || kind[callee] === SpanKind.consumer);
}

/** Client spans around client spans: the outer one was answered by the inner. */
function bothCall(outer: number, inner: number): boolean {
  const calls = (kind: number) => kind === SpanKind.client || kind === SpanKind.producer;
  return calls(outer) && calls(inner);
}

function callBetween(from: TraceTable, caller: number, to: TraceTable, callee: number, parts: PeerParts): Call {
  const isProducer = from.kind[caller] === SpanKind.producer;
  const isAsync = isProducer || to.kind[callee] === SpanKind.consumer;
  const sentNs = from.startNs[caller] + durationOf(from, caller);
  const apartNs = Number(to.baseUnixNano - from.baseUnixNano);
  return {
    from: serviceOf(from, caller),
    to: serviceOf(to, callee),
    toKind: 'service',
    toSystem: '',
    async: isAsync,
    destination: isProducer ? parts.destination : '',
    failed: hasFailed(from, caller) || hasFailed(to, callee),
    durationNs: durationOf(to, callee),
    queueNs: isAsync ? Math.max(0, apartNs + to.startNs[callee] - sentNs) : undefined,
    half: 'both',
    traceId: to.traceId,
  };
}

function callToPeer(
  table: TraceTable,
  row: number,
  parts: PeerParts,
  services: ReadonlyMap<string, string>,
): Call | undefined {
  const isProducer = table.kind[row] === SpanKind.producer;
  const peer = peerOf(parts, isProducer);
  if (peer === undefined) return undefined;
  const service = serviceOfPeer(peer, services);
  return {
    from: serviceOf(table, row),
    to: service ?? peer.name,
    toKind: service === undefined ? peer.kind : 'service',
    toSystem: service === undefined ? peer.system : '',
    async: isProducer,
    destination: isProducer ? parts.destination : '',
    failed: hasFailed(table, row),
    durationNs: durationOf(table, row),
    queueNs: undefined,
    half: service === undefined ? 'both' : 'client',
    traceId: table.traceId,
  };
}

function producersOf(tables: readonly TraceTable[]): ReadonlyMap<string, readonly [table: number, row: number]> {
  const producers = new Map<string, readonly [number, number]>();
  for (const [t, table] of tables.entries()) {
    for (let row = 0; row < table.length; row++) {
      if (table.kind[row] !== SpanKind.producer) continue;
      producers.set(`${BigInt(`0x${table.traceId}`)} ${table.spanId[row]}`, [t, row]);
    }
  }
  return producers;
}

/** Each producer that the span links to, once. */
function linkedProducers(
  { links }: TraceTable,
  row: number,
  producers: ReadonlyMap<string, readonly [number, number]>,
): Iterable<readonly [number, number]> {
  const found = new Set<readonly [number, number]>();
  if (producers.size === 0) return found;
  for (let link = links.offset[row]; link < links.offset[row + 1]; link++) {
    const traceId = (links.traceIdHi[link] << 64n) | links.traceIdLo[link];
    const producer = producers.get(`${traceId} ${links.spanId[link]}`);
    if (producer !== undefined) found.add(producer);
  }
  return found;
}

function servicesByLowerCase(tables: readonly TraceTable[]): ReadonlyMap<string, string> {
  const services = new Map<string, string>();
  for (const { resources } of tables) {
    for (const { serviceName } of resources) {
      if (serviceName !== '') services.set(serviceName.toLowerCase(), serviceName);
    }
  }
  return services;
}

/** Reads the columns that name peers, and gives those of a row. Only text names anyone. */
async function peerParts(table: TraceTable): Promise<(row: number) => PeerParts> {
  const columns = await Promise.all(
    Object.entries(PEER_KEYS).map(async ([part, keys]) => {
      const found = await Promise.all(keys.map(key => table.details.column(key)));
      const textAt = (row: number): string => {
        for (const { index, values } of found) {
          const value = index[row] < 0 ? undefined : values[index[row]];
          if (value?.type === 'string' && value.value !== '') return value.value;
        }
        return '';
      };
      return [part as PeerPart, textAt] as const;
    }),
  );
  return row => Object.fromEntries(columns.map(([part, textAt]) => [part, textAt(row)])) as Record<PeerPart, string>;
}

function serviceOf({ resource, resources }: TraceTable, row: number): string {
  return resource[row] < 0 ? '' : resources[resource[row]].serviceName;
}

function hasFailed({ status }: TraceTable, row: number): boolean {
  return status[row] === StatusCode.error;
}

function durationOf({ spanDurationNs }: TraceTable, row: number): number {
  return Math.max(0, spanDurationNs[row]);
}
