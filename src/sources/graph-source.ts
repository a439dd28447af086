import type { CallsAnswer, GraphBaseline, GraphPart, ServiceGraphAnswer } from '#domain/api/graph-api.ts';
import type { TimeWindow } from './trace-source.ts';

export interface GraphRequest extends TimeWindow {
  /** TraceQL. */
  readonly query: string;
  readonly compare: GraphBaseline | undefined;
  /** A resource attribute by whose values services are grouped, such as `service.namespace`; '' for none. */
  readonly groupBy: string;
}

/** A graph, and what it was counted from. */
export interface GraphReading extends ServiceGraphAnswer {
  /** Sentences for the reader: what the numbers cover, and what this source cannot tell. */
  readonly covers: readonly string[];
  /** Questions answered so far, and all of them; equal when the graph is whole. */
  readonly done: number;
  readonly total: number;
}

export interface GraphOptions {
  readonly signal: AbortSignal;
  /** Gets what is known so far, where the graph comes in parts. */
  readonly onPart?: (reading: GraphReading) => void;
}

/** Where service graphs come from. Rejects with a `SourceError`, or with `AbortError` when aborted. */
export interface GraphSource {
  /** Whether `compare`, `groupBy` and the query are heeded; otherwise everything in the window is counted. */
  readonly capabilities: { readonly compare: boolean; readonly groupBy: boolean; readonly query: boolean };
  graph(request: GraphRequest, options: GraphOptions): Promise<GraphReading>;
  /** What one part is made of; undefined where the source cannot tell. */
  calls?(request: GraphRequest, part: GraphPart, options: { readonly signal: AbortSignal }): Promise<CallsAnswer>;
}
