import type { Token } from '#domain/traceql/lexer.ts';
import { lex } from '#domain/traceql/lexer.ts';
import { INTRINSICS } from '#domain/traceql/names.ts';
import { parseQuery } from '#domain/traceql/parse.ts';

/** What may stand where the cursor is. `from` is where the word being typed begins; `to` where it ends. */
export type CursorPlace =
  | {
      readonly kind: 'start' | 'field' | 'operator' | 'join' | 'stage' | 'after';
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'value';
      readonly from: number;
      readonly to: number;
      /** The field that is compared, as it is written. */
      readonly field: string;
      readonly op: string;
      /** The rest of the braces as a query, for values that go with it. */
      readonly rest: string;
    };

const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~', '<', '<=', '>', '>=']);
const TAKES_FIELDS = /^(?:by|select|avg|min|max|sum|(?:min|max|avg|sum|quantile|histogram)_over_time)$/;

/** Reads the text before the cursor with the language's own lexer. Undefined where nothing can be offered. */
export function cursorPlace(text: string, at: number): CursorPlace | undefined {
  const read = tokensBefore(text.slice(0, at));
  if (read === undefined) return undefined;
  const { tokens, from } = read;
  const to = endOfWord(text, from, at);
  const open = openers(tokens);
  const inner = open.at(-1);
  const isInBraces = open.some(({ token }) => token.text === '{');
  const last = tokens.at(-1);
  if (!isInBraces) {
    if (inner?.before?.kind === 'word' && TAKES_FIELDS.test(inner.before.text)) return { kind: 'field', from, to };
    if (last === undefined || isOperator(last, '(', '&&', '||')) return { kind: 'start', from, to };
    if (isOperator(last, '|')) return { kind: 'stage', from, to };
    return isOperator(last, '}', ')') ? { kind: 'after', from, to } : undefined;
  }
  if (last === undefined || isOperator(last, '{', '(', '&&', '||', '!', '+', '-', '*', '/', '%', '^')) {
    return { kind: 'field', from, to };
  }
  if (isField(last)) return { kind: 'operator', from, to };
  if (last.kind === 'operator' && COMPARISONS.has(last.text)) {
    const field = tokens.at(-2);
    if (field === undefined || !isField(field)) return undefined;
    const braces = open.findLast(({ token }) => token.text === '{')!.token;
    return {
      kind: 'value',
      from,
      to,
      field: text.slice(field.from, field.to),
      op: last.text,
      rest: restOfBraces(text, braces.to, field.from, to),
    };
  }
  return last.kind === 'operator' && last.text !== ')' ? undefined : { kind: 'join', from, to };
}

/** Tokens before the word that is being typed, and where that word begins. */
function tokensBefore(head: string): { readonly tokens: readonly Token[]; readonly from: number } | undefined {
  const lexed = lex(head);
  if (lexed.ok) {
    const tokens = lexed.value.tokens.slice(0, -1);
    if (lexed.value.comments.some(({ to }) => to === head.length && head.at(-1) !== '/')) return undefined;
    const last = tokens.at(-1);
    if (last === undefined || last.to < head.length || last.kind === 'operator') return { tokens, from: head.length };
    // A finished string is no word any more.
    return last.kind === 'string' ? undefined : { tokens: tokens.slice(0, -1), from: last.from };
  }
  const { from } = lexed.error;
  const start = /["`]/.test(head[from] ?? '') && !/[.\w]/.test(head[from - 1] ?? '') ? from : wordStart(head);
  const before = lex(head.slice(0, start));
  return before.ok && !head.startsWith('/*', from)
    ? { tokens: before.value.tokens.slice(0, -1), from: start }
    : undefined;
}

function wordStart(head: string): number {
  return head.length - (/[^\s{}()=~!<>&|^,]*$/.exec(head)?.[0].length ?? 0);
}

function endOfWord(text: string, from: number, at: number): number {
  const quote = text[from];
  if (from < at && (quote === '"' || quote === '`')) {
    const line = text.slice(at).split('\n', 1)[0]!;
    const close = line.indexOf(quote);
    // A quote further on belongs to another string unless only this value lies between.
    return close >= 0 && !/[&|{}]/.test(line.slice(0, close)) ? at + close + 1 : at;
  }
  return at + (/^[^\s{}()=~!<>&|^,"`]*/.exec(text.slice(at))?.[0].length ?? 0);
}

interface Opener {
  readonly token: Extract<Token, { kind: 'operator' }>;
  readonly before: Token | undefined;
}

function openers(tokens: readonly Token[]): readonly Opener[] {
  const open: Opener[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'operator') return;
    if (token.text === '{' || token.text === '(') open.push({ token, before: tokens[index - 1] });
    else if (token.text === '}' || token.text === ')') open.pop();
  });
  return open;
}

/** The other conditions of the braces, joined by &&; those before the cursor alone if all of them do not parse. */
function restOfBraces(text: string, braces: number, field: number, to: number): string {
  const before = text.slice(braces, field).replace(/\s*(?:&&|\|\|)?\s*$/, '');
  const close = text.indexOf('}', to);
  const after = /^\s*&&([\s\S]*)$/.exec(text.slice(to, close < 0 ? text.length : close))?.[1]?.trim() ?? '';
  const parts = [before.trim(), after].filter(part => part !== '');
  for (const conditions of [parts.join(' && '), before.trim()]) {
    const query = `{ ${conditions} }`;
    if (conditions !== '' && parseQuery(query).ok) return query;
  }
  return '{}';
}

function isOperator(token: Token, ...texts: readonly string[]): boolean {
  return token.kind === 'operator' && texts.includes(token.text);
}

function isField(token: Token): boolean {
  return (
    token.kind === 'attribute' ||
    token.kind === 'intrinsic' ||
    (token.kind === 'word' && INTRINSICS.has(token.text) && token.text !== 'parent')
  );
}
