import { parseTraceId, type TraceId } from '#domain/ids.ts';
import type { Filter, FilterField, FilterOp } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { parseDuration, quoteGo } from '#domain/traceql/literals.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';

/** What a person put into the search bar. */
export type Pasted =
  | { readonly kind: 'empty' }
  | { readonly kind: 'trace'; readonly traceId: TraceId }
  /** TraceQL text: what was typed, or the look-up of a span id. */
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'filter'; readonly filter: Filter }
  /** Free text, with the chips that it could be, likeliest first. */
  | { readonly kind: 'text'; readonly text: string; readonly suggestions: readonly Filter[] };

/** 32 hex digits (dashes of a UUID allowed) that are not part of a longer run: bare, in a URL, a traceparent, a log line. */
const TRACE_ID = /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f])/i;
const CONDITION = /^([\p{L}_.][\p{L}\p{N}_.:\-/]*)\s*(=~|!~|!=|>=|<=|=|>|<|:\s)\s*(\S[\s\S]*)$/u;

/**
 * Reads pasted or typed text: a trace id (also inside a URL or a log line), a span id, TraceQL, `key=value`, or free
 * text. `baggageKeys` as configured: an entry that ends in '.' is a prefix.
 */
export function parsePasted(input: string, options: { readonly baggageKeys?: readonly string[] } = {}): Pasted {
  const text = input.trim();
  if (text === '') return { kind: 'empty' };
  if (/^[({/]/.test(text) && /[{}]/.test(text)) return { kind: 'query', query: text };
  const traceId = traceIdIn(text);
  if (traceId !== undefined) return { kind: 'trace', traceId };
  if (/^[0-9a-f]{16}$/i.test(text)) return { kind: 'query', query: `{ span:id = ${quoteGo(text.toLowerCase())} }` };
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const filter = isUrl ? undefined : conditionIn(text, options.baggageKeys ?? []);
  if (filter !== undefined) return { kind: 'filter', filter };
  return { kind: 'text', text, suggestions: suggest(text, isUrl, options.baggageKeys ?? []) };
}

function traceIdIn(text: string): TraceId | undefined {
  const found = TRACE_ID.exec(text)?.[0];
  // Alone, an id may also have lost its leading zeros, as Tempo prints them.
  const bare = found ?? (/^(?:(?:0x)?[0-9a-f]{17,32}|[a-z0-9+/]{22}==)$/i.test(text) ? text : undefined);
  const id = bare === undefined ? undefined : parseTraceId(bare);
  return id?.ok ? id.value : undefined;
}

function conditionIn(text: string, baggageKeys: readonly string[]): Filter | undefined {
  const match = CONDITION.exec(text);
  if (match === null) return undefined;
  const [, key, sign, rest] = match;
  const field = fieldOfKey(key, baggageKeys);
  if (field === undefined) return undefined;
  const op = (sign.startsWith(':') ? '=' : sign) as FilterOp;
  if (rest === 'nil' && (op === '=' || op === '!='))
    return { field, op: op === '=' ? 'missing' : 'exists', values: [] };
  return { field, op, values: [typedValue(rest, field, op)] };
}

/** Fields by the names that people use for them. */
const FIELDS: ReadonlyMap<string, FilterField> = new Map<string, FilterField>([
  ['status', { kind: 'status' }],
  ['kind', { kind: 'kind' }],
  ['service', { kind: 'service' }],
  ['service.name', { kind: 'service' }],
  ['resource.service.name', { kind: 'service' }],
  ['name', { kind: 'operation' }],
  ['operation', { kind: 'operation' }],
  ['duration', { kind: 'duration' }],
]);

function fieldOfKey(key: string, baggageKeys: readonly string[]): FilterField | undefined {
  const known = FIELDS.get(key.toLowerCase());
  if (known !== undefined) return known;
  const [, scope, rest] = /^(span|resource|event|link|instrumentation|baggage|)\.(.+)$/s.exec(key) ?? [];
  if (scope === 'baggage' && rest !== undefined) return { kind: 'baggage', key: rest };
  if (scope !== undefined && rest !== undefined) {
    return { kind: 'attribute', scope: (scope || 'any') as 'any' | 'span', key: rest };
  }
  if (key.includes(':')) return undefined;
  const isBaggage = baggageKeys.some(k => (k.endsWith('.') ? key.startsWith(k) : k === key));
  return isBaggage ? { kind: 'baggage', key } : { kind: 'attribute', scope: 'any', key };
}

function typedValue(text: string, field: FilterField, op: FilterOp): TagValue {
  const quoted = /^"([\s\S]*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return { type: 'string', value: quoted };
  const word = text.toLowerCase();
  if (field.kind === 'status' && (STATUS_NAMES as readonly string[]).includes(word))
    return { type: 'keyword', value: word };
  if (field.kind === 'kind' && (KIND_NAMES as readonly string[]).includes(word))
    return { type: 'keyword', value: word };
  const isText = field.kind === 'service' || field.kind === 'operation' || field.kind === 'baggage';
  if (isText || op === '=~' || op === '!~') return { type: 'string', value: text };
  if (/^-?\d{1,18}$/.test(text)) return { type: 'int', value: String(BigInt(text)) };
  if (/^-?\d+\.\d+$/.test(text)) return { type: 'float', value: text };
  if (text === 'true' || text === 'false') return { type: 'bool', value: text };
  if (parseDuration(text) !== undefined) return { type: 'duration', value: text };
  return { type: 'string', value: text };
}

function suggest(text: string, isUrl: boolean, baggageKeys: readonly string[]): readonly Filter[] {
  const equal = (field: FilterField): Filter => ({ field, op: '=', values: [{ type: 'string', value: text }] });
  const holds = (field: FilterField): Filter => ({
    field,
    op: '=~',
    values: [{ type: 'string', value: containing(text) }],
  });
  const span = (key: string): FilterField => ({ kind: 'attribute', scope: 'span', key });
  if (isUrl) return [equal(span('url.full')), equal(span('http.url'))];
  const path = text.startsWith('/') ? [equal(span('http.route')), equal(span('url.path'))] : [];
  const isWord = !/\s/.test(text);
  const names = isWord ? [equal({ kind: 'service' })] : [];
  const baggage = isWord ? baggageKeys.filter(k => !k.endsWith('.')).map(key => equal({ kind: 'baggage', key })) : [];
  return [
    ...path,
    ...names,
    holds({ kind: 'operation' }),
    ...baggage,
    holds({ kind: 'attribute', scope: 'event', key: 'exception.message' }),
  ];
}

/** A regular expression (RE2, anchored) for "contains, in any case". */
function containing(text: string): string {
  return `(?i).*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}.*`;
}
