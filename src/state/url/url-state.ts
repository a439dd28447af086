import type { GraphBaseline, GraphPart } from '#domain/api/graph-api.ts';
import type { DifferenceBaseline, LatencyUnit } from '#domain/api/latency-api.ts';
import type { SpanId, TraceId } from '#domain/ids.ts';
import type { LatencyBox } from '#sources/trace-source.ts';

export type { GraphBaseline, GraphPart, LatencyBox };

/** Which page the path names. */
export type Page =
  | { readonly name: 'explore' }
  | { readonly name: 'trace'; readonly traceId: TraceId }
  | { readonly name: 'graph' }
  | { readonly name: 'store' }
  | { readonly name: 'pins' }
  /** A pin, on its way to the trace and the view that it holds. */
  | { readonly name: 'pin'; readonly id: string }
  | { readonly name: 'unknown'; readonly path: string };

export type SortColumn = 'start' | 'duration' | 'spans' | 'errors' | 'services' | 'name';

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** Absolute bounds in unix milliseconds, both inclusive. */
export interface WindowMs {
  readonly startMs: number;
  readonly endMs: number;
}

/** A stretch of a trace's time axis. Absolute: a late span can move the start of the trace. */
export interface TimeSpan {
  readonly startUnixNano: bigint;
  readonly widthNs: number;
}

/** Something of the open trace that opens and closes, by the id of a span. */
export interface Fold {
  /** The span; the repeats whose first is the span; the spans that miss it as their parent; the root that all miss. */
  readonly kind: 'span' | 'repeats' | 'missing' | 'root';
  readonly id: SpanId;
}

/** Which rows of the open trace are closed: a start, and what differs from it. */
export interface Folds {
  /** As a trace is first shown, all open, or open down to a level (1: only the top). */
  readonly base: 'first' | 'all' | number;
  readonly flipped: readonly Fold[];
}

/** A node of the service graph, and what is at most so many calls away from it, either way. */
export interface GraphFocus {
  readonly node: GraphNode;
  /** 1 … 9. */
  readonly hops: number;
}

export type GraphNode = Exclude<GraphPart, { readonly edge: unknown }>;

/** What the service graph leaves out: asynchronous calls, databases, hosts that send no spans, and what did not change. */
export const GRAPH_HIDES = ['async', 'stores', 'external', 'same'] as const;
export type GraphHide = (typeof GRAPH_HIDES)[number];

/** Where the service graph is looked at: what is in the middle, px of the graph, and the scale in thousandths. */
export interface GraphCamera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** What the table of the service graph is sorted by. */
export const GRAPH_ORDERS = [
  'from',
  'to',
  'kind',
  'group',
  'rate',
  'errors',
  'p50',
  'p95',
  'p99',
  'queue',
  'change',
] as const;

export interface GraphOrder {
  readonly key: (typeof GRAPH_ORDERS)[number];
  readonly isDescending: boolean;
}

/** Columns of the results that a reader may leave out; status and name stay. In the order in which they stand. */
export const RESULT_COLUMNS = ['path', 'duration', 'spans', 'matched', 'errors', 'services', 'start'] as const;
export type ResultColumn = (typeof RESULT_COLUMNS)[number];

/** How the table of the service graph begins. */
export const FIRST_ORDER: GraphOrder = { key: 'rate', isDescending: true };

/** Attributes that a reader may add to the facets. */
export const MOST_FACETS = 12;

/** Everything that a link restores. Fields are named like their search parameters. */
export interface UrlState {
  readonly page: Page;
  /** Source id; '' is the first configured source. */
  readonly src: string;
  /** TraceQL; '' for everything. Paused filters travel in it as a comment (`domain/search/filters.ts`). */
  readonly q: string;
  /** Time range edges: `now`, `now-1h`, or unix milliseconds as digits. */
  readonly from: string;
  readonly to: string;
  /** Time zone: '' is the reader's preference, otherwise `local`, `utc` or an IANA name. */
  readonly tz: string;
  readonly sort: Sort;
  /** In the order of `RESULT_COLUMNS`. */
  readonly cols: readonly ResultColumn[];
  readonly live: boolean;
  /** Whether the query is shown as chips or as TraceQL. */
  readonly form: 'chips' | 'text';
  /** Fields added to the facets, in TraceQL; undefined: those that the reader keeps. */
  readonly facets: readonly string[] | undefined;
  /** Facets that are folded: by field, `baggage`, `added`. */
  readonly shut: readonly string[];
  /** Text looked for in the values of the facets. */
  readonly value: string;
  /** Latencies over time: '' is the reader's choice. */
  readonly chart: 'shown' | 'hidden' | 'table' | '';
  /** What the heatmap counts. */
  readonly of: LatencyUnit;
  /** The part of the heatmap that the reader marked: it narrows the results and is held against `vs`. */
  readonly box: LatencyBox | undefined;
  readonly vs: DifferenceBaseline;
  /** The field by whose values the heatmap is split, in TraceQL; '' for none. */
  readonly split: string;
  /** The part of the service graph that is shown; undefined for all of it. */
  readonly focus: GraphFocus | undefined;
  /** What the service graph is compared with. */
  readonly than: GraphBaseline | 'nothing';
  readonly view: 'graph' | 'table';
  /** In the order of `GRAPH_HIDES`. */
  readonly hide: readonly GraphHide[];
  /** The selected part of the service graph. */
  readonly pick: GraphPart | undefined;
  /** Whether a big graph is drawn whole. */
  readonly all: boolean;
  /** Key of the resource attribute by whose values services stand together; '' for none. */
  readonly by: string;
  /** Where the graph is looked at; undefined: all of it, fitted. */
  readonly cam: GraphCamera | undefined;
  /** What the table of the graph lists, and in which order. */
  readonly rows: 'edges' | 'nodes';
  readonly order: GraphOrder;
  /** Id of the pin whose copy of the trace is shown; '' for the trace as the source has it. */
  readonly pin: string;
  /** When the open trace ran, so that a store finds it fast and a later reader knows it. */
  readonly at: WindowMs | undefined;
  readonly span: SpanId | undefined;
  /** Which of the spans with that id, where damage gave several the same; from 1. */
  readonly nth: number;
  /** The window of the open trace; undefined for the whole of it. */
  readonly t: TimeSpan | undefined;
  /** The stretch of time that the reader marked. */
  readonly mark: TimeSpan | undefined;
  /** Text looked for inside the open trace. */
  readonly find: string;
  /** Only what `find` matches, and what lies above it. */
  readonly only: boolean;
  readonly folds: Folds;
  /** Whether alike siblings are one row. */
  readonly group: boolean;
  /** Whether the critical path is drawn. */
  readonly path: boolean;
  /** What the details of the selected span show. */
  readonly tab: DetailsTab;
  /** Text looked for in those details. */
  readonly look: string;
  /** Text looked for in the notes, names and ids of pins. */
  readonly named: string;
}

export type DetailsTab = 'details' | 'json';

export const DEFAULT_URL_STATE: UrlState = {
  page: { name: 'explore' },
  src: '',
  q: '',
  from: 'now-1h',
  to: 'now',
  tz: '',
  sort: { column: 'start', descending: true },
  cols: RESULT_COLUMNS,
  live: false,
  form: 'chips',
  facets: undefined,
  shut: [],
  value: '',
  chart: '',
  of: 'traces',
  box: undefined,
  vs: 'rest',
  split: '',
  focus: undefined,
  than: 'previous',
  view: 'graph',
  hide: [],
  pick: undefined,
  all: false,
  by: '',
  cam: undefined,
  rows: 'edges',
  order: FIRST_ORDER,
  pin: '',
  at: undefined,
  span: undefined,
  nth: 1,
  t: undefined,
  mark: undefined,
  find: '',
  only: false,
  folds: { base: 'first', flipped: [] },
  group: true,
  path: true,
  tab: 'details',
  look: '',
  named: '',
};
