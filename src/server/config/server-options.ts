/** Everything the server can be told, checked and complete. */
export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly otlpHttpPort: number;
  readonly otlpGrpcPort: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly retentionMs: number;
  /** Bytes the store may take; undefined: no limit but the disk. */
  readonly maxBytes: number | undefined;
  readonly logFormat: 'text' | 'json';
  /** An entry that ends in '.' is a prefix. */
  readonly baggageKeys: readonly string[];
  readonly sources: readonly UpstreamSource[];
  /** Further names under which the server may be addressed (`Host`), lower case, without port. */
  readonly allowedHosts: readonly string[];
  /** Origins that may frame /embed/*. */
  readonly frameAncestors: readonly string[];
  /** Origins whose pages may send spans. */
  readonly corsOrigins: readonly string[];
  /** Origins whose pages may read Tempo's API. */
  readonly readOrigins: readonly string[];
  readonly minFreeDiskBytes: number;
  /** What all pins together may take, as they are stored. */
  readonly pinsMaxBytes: number;
  /** Whether a trace that somebody shares is pinned, unless they say otherwise. */
  readonly pinOnShare: boolean;
  /** Longest time between start and end of a search, and of a metrics query. */
  readonly maxSearchRangeMs: number;
  readonly maxMetricsRangeMs: number;
  /** Whether closed segments are compacted. */
  readonly compaction: boolean;
}

/** A Tempo this server reads from on behalf of the browser. */
export interface UpstreamSource {
  readonly id: string;
  readonly name: string;
  readonly kind: 'tempo';
  /** Base of its HTTP API, without trailing slash. */
  readonly url: string;
  /** Sent with every request to it, and nothing else of the browser's. */
  readonly headers: Readonly<Record<string, string>>;
}
