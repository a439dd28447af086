import { SourceError, type SourceErrorKind } from '#sources/trace-source.ts';

export interface ErrorDescription {
  /** What happened, one sentence without a full stop. */
  readonly title: string;
  /** Why, and what usually helps. */
  readonly advice: string;
  /** For the details box: request, status, excerpt. */
  readonly detail: string;
  readonly kind: SourceErrorKind | 'bug';
}

const ADVICE: Readonly<Record<SourceErrorKind, string>> = {
  'not-found': 'It may have been pruned, or its spans have not arrived yet.',
  'bad-query': 'Change the query and run it again.',
  unreachable: 'Check that the server runs and that this machine can reach it.',
  timeout: 'A shorter time range usually answers.',
  server: 'The details say what the server answered.',
  damaged: 'The answer could not be read; the details say where it broke off.',
  'bad-config': 'Correct the file beside the page and load the page again.',
  'too-large': 'Ask for less: a shorter range or a narrower filter.',
};

/** Turns whatever a query rejected with into sentences for the reader. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof SourceError) {
    return { title: error.message, advice: ADVICE[error.kind], detail: error.detail, kind: error.kind };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return {
    title: 'Something in this page failed',
    advice: 'This is a fault of Throughline, not of your traces.',
    detail: stack.includes(message) ? stack : `${message}\n${stack}`,
    kind: 'bug',
  };
}
