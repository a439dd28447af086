/** A message as the broker keeps it; `headers` carry trace context and baggage. */
export interface Message {
  readonly id: string;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: the shop trusts its own JSON
  readonly body: any;
}
