/** What `throughline selfcheck` was told. */
export interface SelfcheckOptions {
  /** Where a Throughline serves its pages: it tells the other two addresses. */
  readonly url: string | undefined;
  /** Base of OTLP/HTTP, without /v1/traces. */
  readonly otlp: string | undefined;
  /** Base of Tempo's API, without /api. */
  readonly tempo: string | undefined;
  /** Sent with every request: a tenant, a token. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long to look for what was sent. */
  readonly waitMs: number;
}
