/** Bodies of the server's own API under /api, shared by server and browser. Times in JSON are decimal strings of ns. */

export interface ServerConfig {
  readonly version: string;
  readonly sources: readonly SourceConfig[];
  /** Keys that count as baggage; an entry that ends in '.' is a prefix. */
  readonly baggageKeys: readonly string[];
  /** Where SDKs send to, as seen from this machine. */
  readonly otlpHttp: string;
  readonly retentionMs: number;
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
  readonly state: 'ready' | 'starting' | 'salvaged' | 'failing';
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

/** GET /api/search/count?q&start&end (unix s, as Tempo's search) */
export interface SearchCount {
  readonly traces: number;
  readonly spans: number;
}

/** POST /api/sample loads, DELETE /api/sample removes; both answer the new status. Errors of /api: this body. */
export interface ApiError {
  readonly error: string;
}
