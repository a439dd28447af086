import { err, ok, type Result } from '#domain/result.ts';
import type { AttributeScope, Intrinsic } from '#domain/traceql/ast.ts';
import { MAX_INT, parseDuration, unescapeGo } from '#domain/traceql/literals.ts';
import { ATTRIBUTE_SCOPES, INTRINSIC_SCOPES, INTRINSICS } from '#domain/traceql/names.ts';
import { type TraceqlError, traceqlError } from '#domain/traceql/traceql-error.ts';

/** `word` is any bare identifier; what it means depends on where it stands. Comments are no tokens. */
export type Token = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'attribute'; readonly scope: AttributeScope; readonly key: string }
  | { readonly kind: 'intrinsic'; readonly name: Intrinsic; readonly written: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'duration'; readonly ns: bigint }
  | { readonly kind: 'end' }
);

export interface Lexed {
  /** The last one is `end`. */
  readonly tokens: readonly Token[];
  readonly comments: readonly { readonly from: number; readonly to: number }[];
}

const SPACE = /[\s\u0085]+/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const DURATION = /(?:\d+(?:\.\d*)?|\.\d+)[nuµμmsh][0-9.nuµμmsh]*/y;
const STRING = /"((?:[^"\\\n]|\\[^\n])*)"/y;
const RAW_STRING = /`([^`]*)`/y;
/** Part of an attribute key: bare characters, or a quoted stretch in which only \" and \\ are escapes. */
const KEY_BARE = /[^\s\u0085{}()=~!<>&|^,"]+/y;
const KEY_QUOTED = /"((?:[^"\\]|\\["\\])*)"/y;
/** Operators that no other operator starts with. */
const PUNCTUATION: ReadonlySet<string> = new Set(['{', '}', '(', ')', ',']);
/** Those of two and three characters; every character that they start with, & aside, is one by itself, too. */
const LONG_OPERATORS: ReadonlySet<string> = new Set(
  '&>> &<< !>> !<< && || &> &< &~ !> !< !~ != =~ >= <= >> <<'.split(' '),
);
const OPERATOR_START: ReadonlySet<string> = new Set('&|!=<>~+-*/%^');

/** Splits a query into tokens in one pass. Never throws. */
export function lex(text: string): Result<Lexed, TraceqlError> {
  const tokens: Token[] = [];
  const comments: { from: number; to: number }[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const fail = (from: number, to: number, message: string, hint?: string) =>
    err(traceqlError('syntax', text, { from, to }, message, hint));

  while (at < text.length) {
    const from = at;
    const c = text[at];
    if (PUNCTUATION.has(c)) {
      at += 1;
      tokens.push({ kind: 'operator', text: c, from, to: at });
      continue;
    }
    const space = c <= ' ' || c > '~' ? match(SPACE) : null;
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const next = text[at + 1] ?? '';
    if (c === '/' && (next === '/' || next === '*')) {
      const comment = match(COMMENT);
      if (comment === null) return fail(from, text.length, 'comment not terminated', 'Close it with */.');
      at += comment[0].length;
      comments.push({ from, to: at });
      continue;
    }
    if (c === '"' || c === '`') {
      const literal = match(c === '"' ? STRING : RAW_STRING);
      if (literal === null) return fail(from, text.length, 'literal not terminated', `Close the string with ${c}.`);
      at += literal[0].length;
      const value = c === '"' ? unescapeGo(literal[1]) : literal[1].replaceAll('\r', '');
      if (value === undefined) {
        return fail(from, at, 'invalid char escape', 'Write a backslash as \\\\, or use a `raw` string.');
      }
      tokens.push({ kind: 'string', value, from, to: at });
      continue;
    }
    if (c === "'") return fail(from, from + 1, 'invalid char literal', 'Strings take double quotes: "value".');
    if (isDigit(c) || (c === '.' && isDigit(next))) {
      const duration = match(DURATION);
      const number = duration ?? match(NUMBER);
      if (number === null) return fail(from, from + 1, 'invalid number literal');
      at += number[0].length;
      const token = numberToken(number[0], duration !== null, from, at);
      if (token === undefined) {
        const what = duration === null ? 'number' : 'duration';
        return fail(from, at, `invalid ${what} ${number[0].slice(0, 40)}: value out of range or malformed`);
      }
      tokens.push(token);
      continue;
    }
    if (c === '.') {
      at += 1;
      const key = readKey();
      if (!key.ok) return key;
      tokens.push({ kind: 'attribute', scope: 'any', key: key.value, from, to: at });
      continue;
    }
    const identifier = OPERATOR_START.has(c) ? null : match(IDENTIFIER);
    if (identifier !== null) {
      const word = identifier[0];
      at += word.length;
      const scope = ATTRIBUTE_SCOPES.get(word);
      if (text[at] === '.' && scope !== undefined) {
        at += 1;
        const key = readKey();
        if (!key.ok) return key;
        tokens.push({ kind: 'attribute', scope, key: key.value, from, to: at });
      } else if (text[at] === ':' && INTRINSIC_SCOPES.has(word)) {
        at += 1;
        const rest = match(IDENTIFIER)?.[0] ?? '';
        at += rest.length;
        const written = `${word}:${rest}`;
        const name = INTRINSICS.get(written);
        if (name === undefined) {
          return fail(from, at, `unknown identifier: ${written}`, knownIntrinsics(word));
        }
        tokens.push({ kind: 'intrinsic', name, written, from, to: at });
      } else {
        tokens.push({ kind: 'word', text: word, from, to: at });
      }
      continue;
    }
    const operator = operatorAt(text, at);
    if (operator === undefined) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      return fail(from, from + character.length, `unexpected character ${JSON.stringify(character)}`);
    }
    at += operator.length;
    tokens.push({ kind: 'operator', text: operator, from, to: at });
  }
  tokens.push({ kind: 'end', from: text.length, to: text.length });
  return ok({ tokens, comments });

  function readKey(): Result<string, TraceqlError> {
    const from = at;
    let key = '';
    for (;;) {
      const part = match(KEY_BARE);
      if (part !== null) {
        key += part[0];
        at += part[0].length;
      } else if (text[at] === '"') {
        const quoted = match(KEY_QUOTED);
        if (quoted === null) {
          return fail(
            at,
            text.length,
            'unterminated or badly escaped attribute name',
            'Only \\" and \\\\ are escapes here.',
          );
        }
        key += quoted[1].replace(/\\(.)/gs, '$1');
        at += quoted[0].length;
      } else break;
    }
    if (key === '')
      return fail(from, from + 1, 'syntax error: attribute name expected', 'Name the attribute after the dot.');
    return ok(key);
  }
}

/** The longest operator that starts there. */
function operatorAt(text: string, at: number): string | undefined {
  const c = text[at];
  if (!OPERATOR_START.has(c)) return undefined;
  if (OPERATOR_START.has(text[at + 1])) {
    const three = text.slice(at, at + 3);
    if (LONG_OPERATORS.has(three)) return three;
    const two = text.slice(at, at + 2);
    if (LONG_OPERATORS.has(two)) return two;
  }
  return c === '&' ? undefined : c;
}

function numberToken(text: string, isDuration: boolean, from: number, to: number): Token | undefined {
  if (isDuration) {
    const ns = parseDuration(text);
    return ns === undefined ? undefined : { kind: 'duration', ns, from, to };
  }
  if (/^\d+$/.test(text)) {
    const digits = text.replace(/^0+(?=\d)/, '');
    if (digits.length > 19) return undefined;
    const value = BigInt(digits);
    return value > MAX_INT ? undefined : { kind: 'int', value, from, to };
  }
  const value = Number(text);
  return Number.isFinite(value) ? { kind: 'float', value, from, to } : undefined;
}

function isDigit(c: string | undefined): boolean {
  return c !== undefined && c >= '0' && c <= '9';
}

function knownIntrinsics(scope: string): string {
  const names = [...INTRINSICS.keys()].filter(name => name.startsWith(`${scope}:`));
  return `Known: ${names.join(', ')}.`;
}
