import { type Span, SpanStatusCode } from '@opentelemetry/api';

/** Marks the span as failed by this error, as the semantic conventions ask. */
export function fail(span: Span | undefined, error: unknown): void {
  const exception = error instanceof Error ? error : new Error(String(error));
  span?.recordException(exception);
  span?.setAttribute('error.type', exception.name);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: exception.message });
}
