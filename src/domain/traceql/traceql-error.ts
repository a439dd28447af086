/** Why a query is refused. Offsets are UTF-16 code units; line and column count from 1. */
export interface TraceqlError {
  /** `syntax`: does not parse. `invalid`: parses, but means nothing. `unsupported`: means something that is not served. */
  readonly kind: 'syntax' | 'invalid' | 'unsupported';
  /** One line, no position. */
  readonly message: string;
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
  /** What to write instead, where it can be guessed. */
  readonly hint: string | undefined;
}

/** The error as Tempo words it, one line of text/plain. */
export function traceqlErrorText(error: TraceqlError): string {
  if (error.kind === 'unsupported') return `unsupported: ${error.message}`;
  if (error.kind === 'invalid') return `invalid TraceQL query: ${error.message}`;
  return `invalid TraceQL query: parse error at line ${error.line}, col ${error.column}: ${error.message}`;
}

/** Builds an error at [from, to) of `text`. */
export function traceqlError(
  kind: TraceqlError['kind'],
  text: string,
  place: { readonly from: number; readonly to: number },
  message: string,
  hint?: string,
): TraceqlError {
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i !== -1 && i < place.from; i = text.indexOf('\n', i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return { kind, message, from: place.from, to: place.to, line, column: place.from - lineStart + 1, hint };
}
