import type { TagValue } from '#domain/search/trace-summary.ts';

// Answers about how long things took: the heatmap, the RED strip, one cell's traces, and what sets a selection apart. Bodies
// of the server's own API, and what a `TraceSource` makes of others' answers. Unix times are decimal strings of ns.

/** What is counted: matching spans by their own duration, or traces with a matching span by the duration of their root. */
export type LatencyUnit = 'spans' | 'traces';

/** Said of every answer. */
export interface LatencyBasis {
  readonly of: LatencyUnit;
  /** A sentence for the reader: what was counted, from where, and how far that goes. */
  readonly covers: string;
  /** Counts are weighted by how spans were sampled (`ot=th:`), so they estimate what happened; `observed` is what was received. */
  readonly estimated: boolean;
  /** Spans or traces that were looked at, unweighted. */
  readonly observed: number;
  /** Set when something was left out that was asked for; a sentence for the reader. */
  readonly partial?: string;
}

/** Column c covers [start + c·step, start + (c+1)·step) unix ns, by the start of the span or of the trace's root. */
export interface TimeColumns {
  readonly startUnixNano: string;
  readonly stepNs: number;
  readonly columns: number;
}

/**
 * GET /api/heatmap?q&start&end&columns&of: counts by time and duration.
 *
 * Row r of `firstRow … firstRow + rows − 1` covers [2^(r/rowsPerOctave), 2^((r+1)/rowsPerOctave)) ns; with
 * `upperInclusive` (2^(r/rowsPerOctave), 2^((r+1)/rowsPerOctave)]. Everything matching is counted exactly once:
 * total = sum of `counts` + `below.count` + `withoutDuration.count`, and the same for errors.
 */
export interface LatencyHeatmap extends LatencyBasis, TimeColumns {
  readonly rowsPerOctave: 4 | 1;
  readonly upperInclusive: boolean;
  readonly firstRow: number;
  /** 0 when nothing has a duration. */
  readonly rows: number;
  /** At column · rows + (row − firstRow). */
  readonly counts: readonly number[];
  /** Those of `counts` that failed. A trace failed when a matching span did. Same places. */
  readonly errors: readonly number[];
  readonly total: number;
  readonly totalErrors: number;
  /** Shorter than the first row, which starts at the 0.1st percentile. */
  readonly below: CountWithErrors;
  /** Zero, or an end before the start: no place on a logarithmic axis. */
  readonly withoutDuration: CountWithErrors;
  /** Matching traces whose root has not been received; not part of `total`. 0 where spans are counted. */
  readonly withoutRoot: number;
  /** The lower edge of the first row: the 0.1st percentile lies in it. 0 if nothing has a duration. */
  readonly p01Ns: number;
  /** The longest; where the source does not tell, the upper edge of its row. */
  readonly maxNs: number;
}

export interface CountWithErrors {
  readonly count: number;
  readonly errors: number;
}

/** GET /api/red?q&start&end&columns&of: rate, errors, durations per column of time. */
export interface RedSeries extends LatencyBasis, TimeColumns {
  readonly counts: readonly number[];
  readonly errors: readonly number[];
  /** Quantiles of the durations in each column; −1 where it is empty. */
  readonly p50Ns: readonly number[];
  readonly p95Ns: readonly number[];
  readonly p99Ns: readonly number[];
  /** `sampled`: of so many that only a part was ranked; `buckets`: interpolated between powers of two. */
  readonly quantiles: 'exact' | 'sampled' | 'buckets';
  /** When services changed their `service.version`, oldest first. */
  readonly versions: readonly VersionMark[];
}

export interface VersionMark {
  /** `rollback`: the version had been seen before and took over again. */
  readonly kind: 'deployment' | 'rollback';
  readonly service: string;
  readonly version: string;
  /** The one that most spans had until then. */
  readonly previous: string;
  /** First span of a deployed version; last span of one that was rolled back. */
  readonly atUnixNano: string;
}

/** GET /api/heatmap/traces?q&start&end&of&box: examples of what lies in a box. */
export interface CellTraces extends LatencyBasis {
  readonly count: number;
  readonly errors: number;
  /** Absent when the box is empty. */
  readonly slowest?: CellTrace;
  /** At rank ceil(n/2) by duration. */
  readonly median?: CellTrace;
  readonly newest?: CellTrace;
}

export interface CellTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The span that lies in the box: the matching one, or the root. 16 hex digits. */
  readonly spanId: string;
  readonly startUnixNano: string;
  readonly durationNs: number;
  readonly isError: boolean;
  readonly service: string;
  readonly name: string;
}

/** What the selection is held against: the rest of the same query, or the same box so much earlier. */
export type DifferenceBaseline = 'rest' | '1h' | '1d' | '1w';

/** GET /api/difference?q&start&end&of&box&baseline: what sets the box apart. The method: docs/difference.md. */
export interface Difference extends LatencyBasis {
  readonly baseline: DifferenceBaseline;
  readonly selection: DifferenceGroup;
  readonly rest: DifferenceGroup;
  /** `too-few`: the selection or the rest is too small to tell anything, whatever it holds. */
  readonly verdict: 'differs' | 'nothing-differs' | 'too-few';
  /** What differs significantly, by falling effect. */
  readonly attributes: readonly AttributeDifference[];
  /** Two values that together name the selection clearly better than either, the best first. */
  readonly pairs: readonly PairDifference[];
  /** Fields (TraceQL) whose values are nearly all different, such as ids: not compared. */
  readonly hidden: readonly string[];
  /** Fields (TraceQL) that were compared and do not differ significantly. */
  readonly alike: readonly string[];
  /** The factor that p values are corrected by: comparisons that could have been significant. */
  readonly tested: number;
  /** Chance that anything at all is called significant where nothing differs. */
  readonly alpha: number;
}

export interface DifferenceGroup {
  /** Everything in the group. */
  readonly count: number;
  /** Those that were compared: at most one span per trace, and a sample by trace id where there are many. */
  readonly compared: number;
}

export type AttributeDifference = CategoricalDifference | NumericDifference;

interface RankedDifference {
  /** In TraceQL: `span.http.route`, `resource.service.version`, `baggage.tenant.id`, `status`. */
  readonly field: string;
  /** Cohen's h of the strongest value or split, above 0: 0.2 is small, 0.5 medium, 0.8 large. */
  readonly effect: number;
  /** Corrected for everything that was compared. */
  readonly p: number;
}

export interface CategoricalDifference extends RankedDifference {
  readonly kind: 'categorical';
  /** The strongest first; significant ones before others. */
  readonly values: readonly ValueDifference[];
  /** Further values, which are not listed. */
  readonly otherValues: number;
  /** Those that lack the field. */
  readonly missing: ValueShares;
}

/** Of those compared; shares 0 … 1. `lift` = selection / rest; absent when the rest has none. */
export interface ValueShares {
  readonly selectionCount: number;
  readonly restCount: number;
  readonly selectionShare: number;
  readonly restShare: number;
  readonly lift?: number;
}

export interface ValueDifference extends ValueShares {
  readonly value: TagValue;
  /** Cohen's h; negative: rarer in the selection. */
  readonly effect: number;
  /** Corrected. */
  readonly p: number;
  /** Bounds of the difference between the shares, 95 % (Newcombe). */
  readonly shareDifference: readonly [low: number, high: number];
}

export interface NumericDifference extends RankedDifference {
  readonly kind: 'numeric';
  /** 5th, 25th, 50th, 75th, 95th percentile of those that have the field. */
  readonly selectionQuantiles: readonly number[];
  readonly restQuantiles: readonly number[];
  /** Largest difference between the two distribution functions (Kolmogorov–Smirnov), 0 … 1. */
  readonly distance: number;
  /** Where that is: the selection has clearly more on this side of the threshold. */
  readonly split: NumericSplit;
  readonly type: 'int' | 'float';
}

export interface NumericSplit extends ValueShares {
  readonly operator: '>=' | '<';
  readonly threshold: number;
}

export interface PairDifference extends ValueShares {
  readonly parts: readonly [PairPart, PairPart];
  /** Cohen's h. */
  readonly effect: number;
  /** Corrected. */
  readonly p: number;
  /** How well the pair names the selection (F1 of the part covered and the part of it that is selected), 0 … 1. */
  readonly namesSelection: number;
}

/** A condition as in TraceQL: `field operator value`. */
export interface PairPart {
  readonly field: string;
  readonly operator: '=' | '>=' | '<';
  readonly value: TagValue;
}
