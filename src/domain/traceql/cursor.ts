import { err, type Result } from '#domain/result.ts';
import type { Token } from '#domain/traceql/lexer.ts';
import { AGGREGATES, METRICS } from '#domain/traceql/names.ts';
import { type TraceqlError, traceqlError } from '#domain/traceql/traceql-error.ts';

/** The place of the parser in its tokens. */
export interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
}

export function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.at];
}

export function isOperator(token: Token, text: string): boolean {
  return token.kind === 'operator' && token.text === text;
}

export function isWord(token: Token, text: string): boolean {
  return token.kind === 'word' && token.text === text;
}

/** Takes the operator if it is next. */
export function accept(cursor: Cursor, text: string): boolean {
  if (!isOperator(peek(cursor), text)) return false;
  cursor.at++;
  return true;
}

/** Takes the operator, or says what stands in its place. */
export function expect(cursor: Cursor, text: string): Result<true, TraceqlError> {
  return accept(cursor, text) ? { ok: true, value: true } : unexpected(cursor, text);
}

/** The error for the next token, worded as Tempo does. */
export function unexpected(
  cursor: Cursor,
  expecting?: string,
  hint?: string,
): { readonly ok: false; readonly error: TraceqlError } {
  const token = peek(cursor);
  const wanted = expecting === undefined ? '' : `, expecting ${expecting}`;
  return err(
    traceqlError(
      'syntax',
      cursor.text,
      token,
      `syntax error: unexpected ${nameOf(token)}${wanted}`,
      hint ?? hintFor(cursor),
    ),
  );
}

/** An error at the next token. */
export function failHere(
  cursor: Cursor,
  message: string,
  hint?: string,
): { readonly ok: false; readonly error: TraceqlError } {
  return err(traceqlError('syntax', cursor.text, peek(cursor), message, hint));
}

function nameOf(token: Token): string {
  switch (token.kind) {
    case 'operator':
      return token.text;
    case 'word':
      return KEYWORDS.has(token.text) ? token.text : 'IDENTIFIER';
    case 'end':
      return '$end';
    case 'intrinsic':
      return token.written;
    case 'attribute':
      return `${token.scope === 'any' ? '' : token.scope}.`;
    case 'string':
      return 'STRING';
    case 'int':
      return 'INTEGER';
    case 'float':
      return 'FLOAT';
    case 'duration':
      return 'DURATION';
  }
}

/** Words of the language that are named as they are in messages. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...AGGREGATES,
  ...METRICS,
  ...['by', 'coalesce', 'select', 'topk', 'bottomk', 'with', 'true', 'false', 'nil'],
]);

/** Guesses for what people bring from other languages. */
function hintFor(cursor: Cursor): string | undefined {
  const token = peek(cursor);
  const before = cursor.tokens[cursor.at - 1];
  if (before !== undefined && isOperator(before, '=') && isOperator(token, '=')) return 'Compare with a single =.';
  if (token.kind === 'word' && /^and$/i.test(token.text)) return 'Write && instead of and.';
  if (token.kind === 'word' && /^or$/i.test(token.text)) return 'Write || instead of or.';
  if (token.kind === 'word' && /^not$/i.test(token.text)) return 'Write ! or != instead of not.';
  if (isOperator(token, '|')) return 'Write || for "or"; a single | starts the next stage, after the closing brace.';
  if (token.kind === 'end') return 'The query ends too early: close what is open.';
  return undefined;
}
