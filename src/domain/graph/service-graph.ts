/** What calls what, as columns: entry i of every array is node i, or edge i. Counted by the rules of `count-calls.ts`. */
export interface ServiceGraph {
  readonly nodes: GraphNodes;
  readonly edges: GraphEdges;
  /** Edges that were left out because there are too many, and the calls on them; the busiest are kept. */
  readonly leftOut: { readonly edges: number; readonly calls: number };
}

/** `service` sent spans of its own; the others are known only from the client spans of those that call them. */
export type NodeKind = 'service' | 'database' | 'messaging' | 'external';

export interface GraphNodes {
  /** `service.name`, '' where the resource has none; of the others what `peer-name.ts` makes of the client span. */
  readonly name: readonly string[];
  readonly kind: readonly NodeKind[];
  /** `db.system.name` or `messaging.system`; '' for services and unknown. */
  readonly system: readonly string[];
  /** Value of the resource attribute that the request groups by; '' for none. */
  readonly group: readonly string[];
  /** Requests taken: server and consumer spans, roots, and what else another service called. Of others: calls on their edges. */
  readonly calls: readonly number[];
  readonly errors: readonly number[];
  /** Exact, of the spans counted as calls; 0 without calls. */
  readonly p50Ns: readonly number[];
  readonly p95Ns: readonly number[];
  readonly p99Ns: readonly number[];
  /** Client and producer spans that nobody answered and that do not say whom they called. */
  readonly unnamedCalls: readonly number[];
  /** Server and consumer spans whose parent is named but not here: where context came from a caller that is not seen. */
  readonly unknownCallers: readonly number[];
}

export interface GraphEdges {
  /** Index of the caller and of the callee among the nodes; the same for calls within one service. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Producer to consumer: nobody waits. */
  readonly async: readonly boolean[];
  /** `messaging.destination.name` of asynchronous calls; '' otherwise. */
  readonly destination: readonly string[];
  readonly calls: readonly number[];
  /** Either half failed. */
  readonly errors: readonly number[];
  /** Of the callee's span; of the caller's where the callee sent none. Exact. */
  readonly p50Ns: readonly number[];
  readonly p95Ns: readonly number[];
  readonly p99Ns: readonly number[];
  /** Between them lies the true 95th percentile, at 3.3 standard errors. */
  readonly p95LowNs: readonly number[];
  readonly p95HighNs: readonly number[];
  /** From the producer's end to the consumer's start, at least 0; 0 for synchronous calls. */
  readonly queueP50Ns: readonly number[];
  readonly queueP95Ns: readonly number[];
  /** Calls to a known service of which only the caller's span is here: lost context, or a span that never arrived. */
  readonly clientOnly: readonly number[];
  /** Traces with such a call, estimated; off by up to a tenth. */
  readonly traces: readonly number[];
}
