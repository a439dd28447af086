import type { Token } from '#domain/traceql/lexer.ts';
import { lex } from '#domain/traceql/lexer.ts';
import { INTRINSICS, KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';

const CONSTANTS: ReadonlySet<string> = new Set([
  ...STATUS_NAMES,
  ...KIND_NAMES,
  'true',
  'false',
  'nil',
  'minInt',
  'maxInt',
]);

/** How a stretch of a query is drawn. */
export type TokenClass = 'field' | 'string' | 'number' | 'word' | 'operator' | 'brace' | 'comment' | 'broken';

export interface TokenSpan {
  readonly from: number;
  readonly to: number;
  readonly kind: TokenClass;
}

/** What the language's own lexer makes of a text, in order. From where it gives up on, the text is `broken`. */
export function tokenSpans(text: string): readonly TokenSpan[] {
  const whole = lex(text);
  if (whole.ok) return spansOf(whole.value);
  const { from } = whole.error;
  const before = lex(text.slice(0, from));
  const broken: TokenSpan = { from, to: text.length, kind: 'broken' };
  return [...(before.ok ? spansOf(before.value) : []), ...(from < text.length ? [broken] : [])];
}

function spansOf({
  tokens,
  comments,
}: {
  tokens: readonly Token[];
  comments: readonly { from: number; to: number }[];
}) {
  const spans: TokenSpan[] = [];
  tokens.forEach((token, index) => {
    if (token.kind === 'end') return;
    const next = tokens[index + 1];
    const isCall = next?.kind === 'operator' && next.text === '(';
    spans.push({ from: token.from, to: token.to, kind: classOf(token, isCall) });
  });
  for (const { from, to } of comments) spans.push({ from, to, kind: 'comment' });
  return spans.sort((a, b) => a.from - b.from);
}

function classOf(token: Token, isCall: boolean): TokenClass {
  switch (token.kind) {
    case 'attribute':
    case 'intrinsic':
      return 'field';
    case 'string':
      return 'string';
    case 'int':
    case 'float':
    case 'duration':
      return 'number';
    case 'operator':
      return /^[{}()]$/.test(token.text) ? 'brace' : 'operator';
    case 'word':
      if (isCall) return 'word';
      return INTRINSICS.has(token.text) ? 'field' : CONSTANTS.has(token.text) ? 'number' : 'word';
    default:
      return 'word';
  }
}
