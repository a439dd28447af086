import type { TagValue } from '#domain/search/trace-summary.ts';

/** Bodies of the server's own API under /api, shared by server and browser. Times in JSON are decimal strings of ns. */

export interface ServerConfig {
  readonly version: string;
  readonly sources: readonly SourceConfig[];
  /** Keys that count as baggage; an entry that ends in '.' is a prefix. */
  readonly baggageKeys: readonly string[];
  /** Where SDKs send to, as seen from this machine. */
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
  readonly retentionMs: number;
  /** Origins whose pages may frame embeds and talk with them; the server's own may always. */
  readonly frameAncestors: readonly string[];
  /** Whether a trace that somebody shares is pinned, unless they say otherwise. */
  readonly pinOnShare: boolean;
}

export interface SourceConfig {
  /** Stands in `?src=`; [a-z0-9-]+. The embedded store is 'local'. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'tempo';
  /** Path of its Tempo API, relative to the page's base, without trailing slash: 'tempo' or 'api/sources/prod/tempo'. */
  readonly tempoPath: string;
  /** The embedded server: own endpoints and the `baggage.` scope are available. */
  readonly embedded: boolean;
}

/** GET /api/status */
export interface StoreStatus {
  readonly state: 'ready' | 'salvaged' | 'failing';
  /** Sentences for the reader: what was lost, what is refused and why. */
  readonly notices: readonly string[];
  readonly spans: number;
  readonly bytes: number;
  readonly oldestUnixNano: string | undefined;
  readonly newestUnixNano: string | undefined;
  readonly lastCommitUnixMs: number | undefined;
  /** The sample data set, if loaded. */
  readonly sample: { readonly spans: number } | undefined;
  /** Colour slot of each service (0-based, by traffic on first sight, kept); from 12 on they are drawn grey. */
  readonly serviceSlots: Readonly<Record<string, number>>;
}

/** POST /api/traces: OTLP traces as protobuf (application/x-protobuf) go into the store. */
export interface AddedTraces {
  /** Spans. */
  readonly accepted: number;
  readonly rejected: number;
  /** Why spans were rejected, or a warning; '' for neither. */
  readonly message: string;
}

/** GET /api/search/count?q&start&end (unix s, as Tempo's search) */
export interface SearchCount {
  readonly traces: number;
  readonly spans: number;
}

/**
 * GET /api/facets?q&start&end&fields&limit&find: what the matching spans hold, for several fields at once. Each field is
 * counted by the query without its own conditions, so that its other values stay in sight.
 */
export interface FacetCounts {
  /** One per asked field, in their order. */
  readonly fields: readonly FieldCounts[];
}

export interface FieldCounts {
  /** As asked, in TraceQL: `status`, `resource.service.name`, `baggage.tenant.id`. */
  readonly field: string;
  readonly unit: 'traces';
  /** The commonest first. */
  readonly values: readonly FacetValue[];
  /** Further values, which are not listed. */
  readonly other: number;
  /** Matching traces in which no matching span carries the field. */
  readonly missing: number;
  /** So many spans match that distinct traces were estimated (about 2 %). */
  readonly approximate: boolean;
}

export interface FacetValue extends TagValue {
  /** Traces with a matching span that has the value. */
  readonly traces: number;
  /** Those of them in which such a span failed; for baggage: any matching span. */
  readonly errorTraces: number;
}

/** GET /api/find-value?text&start&end&limit: the fields that hold a text, the surest first. */
export interface FoundValues {
  readonly found: readonly FoundValue[];
}

export interface FoundValue {
  /** In TraceQL: `span.url.path`, `name`, `statusMessage`. */
  readonly field: string;
  /** The field has exactly this value; otherwise the text is part of `values` different ones. */
  readonly isWhole: boolean;
  /** The value, or one of those that contain the text. */
  readonly example: TagValue;
  readonly values: number;
  /** Traces in the range; undefined where counting would have taken too long. */
  readonly traces?: number;
}

/** POST /api/sample loads, DELETE /api/sample removes; both answer the new status. Errors of /api: this body. */
export interface ApiError {
  readonly error: string;
}
