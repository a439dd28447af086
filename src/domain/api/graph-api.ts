import type { NodeKind, ServiceGraph } from '#domain/graph/service-graph.ts';

/** What a window is compared with: the equal one before it, or the same one a day or a week earlier. */
export type GraphBaseline = 'previous' | 'day' | 'week';

/**
 * GET /api/service-graph?q&start&end&compare&group: what calls what in the traces in which a span matches `q`. Times in
 * unix seconds; `compare` is a `GraphBaseline`, `group` a resource attribute such as `service.namespace`.
 */
export interface ServiceGraphAnswer extends GraphWindow {
  readonly graph: ServiceGraph;
  /** Only with `compare`. */
  readonly before?: GraphWindow & {
    readonly graph: ServiceGraph;
    /** Whether what is stored reaches back so far; otherwise only errors and durations are compared. */
    readonly isWhole: boolean;
  };
  /** Only with `compare`: what changed by more than noise, what got worse first. */
  readonly changes?: readonly EdgeChange[];
}

export interface GraphWindow {
  readonly startUnixNano: string;
  readonly endUnixNano: string;
}

/** An edge by the names of its ends; indices differ from answer to answer. */
export interface EdgeName {
  readonly from: string;
  readonly to: string;
  readonly toKind: NodeKind;
  readonly async: boolean;
  readonly destination: string;
}

/** An edge, a service that sends spans, or what sends none. */
export type GraphPart =
  | { readonly edge: EdgeName }
  | { readonly service: string }
  | { readonly peer: string; readonly kind: NodeKind };

/** `rate` in calls a second, `errors` as a share, `p95` in ns; `new` and `gone` in calls a second. */
export type ChangedFigure = 'rate' | 'errors' | 'p95' | 'new' | 'gone';

export interface EdgeChange {
  readonly edge: EdgeName;
  readonly what: ChangedFigure;
  readonly before: number;
  readonly now: number;
  /** More errors or more time; other changes are neither good nor bad. */
  readonly worse: boolean;
  /** Where in the window it first left what was usual before; only of the worst, and only if it can be told. */
  readonly firstBadUnixNano?: string;
}

/**
 * GET /api/service-graph/calls: one edge (`from`, `to`, `kind`, `async`, `destination`) or one node (`service`, or `to` and
 * `kind` without `from`) of the graph of the same `q`, `start`, `end` and `compare`.
 */
export interface CallsAnswer {
  readonly now: CallsWindow;
  readonly before?: CallsWindow;
  /** By calls, at most 20. */
  readonly operations: readonly {
    readonly name: string;
    readonly calls: number;
    readonly errors: number;
    readonly p95Ns: number;
  }[];
  readonly otherOperations: number;
  readonly exemplars: readonly CallExemplar[];
}

export interface CallsWindow extends GraphWindow {
  readonly calls: number;
  readonly errors: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  /** Width of a column of the series. */
  readonly stepNs: number;
  /** Per column; p95Ns is 0 where there are no calls. */
  readonly series: {
    readonly calls: readonly number[];
    readonly errors: readonly number[];
    readonly p95Ns: readonly number[];
  };
  /** Bucket b holds durations in [2^((firstBucket + b)/4), 2^((firstBucket + b + 1)/4)) ns; 0 ns is in the first. */
  readonly histogram: { readonly firstBucket: number; readonly counts: readonly number[] };
}

export interface CallExemplar {
  readonly why: 'slowest' | 'failing' | 'typical';
  readonly traceId: string;
  /** Of the callee's span. */
  readonly startUnixNano: string;
  readonly durationNs: number;
  readonly failed: boolean;
}
