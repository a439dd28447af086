import type { TraceId } from '#domain/ids.ts';
import { type Filter, type FilterField, type FilterOp, filterFieldKey } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { TagScope } from '#state/explore/use-tags.ts';
import { fieldName, opsOf } from './field-names.ts';
import type { FoundSuggestion } from './found-suggestions.ts';
import { readFilter, readValue } from './read-filter.ts';

/** One line under the filter input. */
export type Suggestion =
  | { readonly kind: 'trace'; readonly traceId: TraceId }
  | { readonly kind: 'span'; readonly spanId: string }
  | FoundSuggestion
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'field'; readonly field: FilterField };

const MOST = 60;

const SIMPLE_FIELDS: readonly FilterField[] = [
  { kind: 'status' },
  { kind: 'service' },
  { kind: 'operation' },
  { kind: 'kind' },
  { kind: 'duration' },
];

/** Every field that can be filtered by: the simple ones, baggage, then attributes by scope. */
export function fieldsOf(tags: readonly TagScope[], baggageKeys: readonly string[]): readonly FilterField[] {
  const baggage = new Set(baggageKeys.filter(key => !key.endsWith('.')));
  for (const scope of tags) if (scope.name === 'baggage') for (const key of scope.tags) baggage.add(key);
  const attributes: FilterField[] = [];
  for (const scope of ['span', 'resource', 'event', 'link', 'instrumentation'] as const) {
    for (const key of tags.find(({ name }) => name === scope)?.tags ?? []) {
      if (scope === 'resource' && key === 'service.name') continue;
      attributes.push({ kind: 'attribute', scope, key });
    }
  }
  return [...SIMPLE_FIELDS, ...[...baggage].map((key): FilterField => ({ kind: 'baggage', key })), ...attributes];
}

export interface FieldStage {
  readonly text: string;
  readonly fields: readonly FilterField[];
  /** Offered as soon as their value matches the text: services, operations. */
  readonly values: readonly { readonly field: FilterField; readonly value: TagValue }[];
  readonly isBaggageKey: (key: string) => boolean;
  readonly traceId: TraceId | undefined;
  /** Fields that the source found to hold the text; undefined where it cannot tell. */
  readonly holding: readonly FoundSuggestion[] | undefined;
}

/** What the text may mean while no field is chosen: a trace, a span, a whole filter, a value, a field. */
export function suggestFields(stage: FieldStage): readonly Suggestion[] {
  const { text, fields, values, isBaggageKey, traceId } = stage;
  const holding = stage.holding ?? [];
  const wanted = text.trim().toLowerCase();
  const found: Suggestion[] = [];
  if (isSpanId(text)) found.push({ kind: 'span', spanId: wanted });
  if (traceId) found.push({ kind: 'trace', traceId });
  const whole = readFilter(text, isBaggageKey);
  if (whole) found.push({ kind: 'filter', filter: whole });
  if (wanted !== '') {
    for (const status of ['error', 'ok', 'unset']) {
      if (status.startsWith(wanted)) found.push(equals({ kind: 'status' }, { type: 'keyword', value: status }));
    }
    found.push(...holding.filter(entry => entry.found.isWhole));
    const matching = values.filter(
      ({ field, value }) =>
        value.value.toLowerCase().includes(wanted) && !holding.some(entry => asks(entry, field, value)),
    );
    for (const { field, value } of matching.slice(0, 6)) found.push(equals(field, value));
    found.push(...holding.filter(entry => !entry.found.isWhole));
  }
  const byName = fields
    .map(field => ({ field, rank: rankOf(field, wanted) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
  for (const { field } of byName.slice(0, MOST)) found.push({ kind: 'field', field });
  if (wanted !== '' && found.length === 0 && !stage.holding) found.push(containing({ kind: 'operation' }, text.trim()));
  return found;
}

/** Sixteen hex digits: the id of a span, or a short one of a trace. */
export function isSpanId(text: string): boolean {
  return /^[0-9a-f]{16}$/i.test(text.trim());
}

function asks({ filter }: FoundSuggestion, field: FilterField, value: TagValue): boolean {
  return (
    filter?.op === '=' &&
    filterFieldKey(filter.field) === filterFieldKey(field) &&
    filter.values[0]?.value === value.value
  );
}

/** An operator typed before the value: `!= foo`, `>200ms`. */
export function splitOp(field: FilterField, text: string): { readonly op: FilterOp; readonly rest: string } {
  const match = /^\s*(!=|=~|!~|>=|<=|=|>|<)\s*([\s\S]*)$/.exec(text);
  const ops = opsOf(field);
  if (match && ops.includes(match[1] as FilterOp)) return { op: match[1] as FilterOp, rest: match[2]! };
  return { op: ops[0]!, rest: text };
}

/** Values of the chosen field that match the text, then the text itself; a pattern stands before what it is typed for. */
export function suggestValues(field: FilterField, text: string, known: readonly TagValue[]): readonly Suggestion[] {
  const { op, rest } = splitOp(field, text);
  const wanted = rest.trim().toLowerCase();
  const listed = known.filter(({ value }) => value.toLowerCase().includes(wanted));
  listed.sort((a, b) => Number(startsWith(b, wanted)) - Number(startsWith(a, wanted)));
  const found: Suggestion[] = listed.slice(0, MOST).map(value => ({
    kind: 'filter',
    filter: { field, op: isRegex(op) ? '=' : op, values: [value] },
  }));
  const typed = readValue(field, op, rest.trim(), known);
  if (typed && (isRegex(op) || !listed.some(({ value }) => value === typed.value))) {
    const asTyped: Suggestion = { kind: 'filter', filter: { field, op, values: [typed] } };
    if (isRegex(op)) found.unshift(asTyped);
    else found.push(asTyped);
  }
  if (wanted === '' && opsOf(field).includes('exists')) {
    found.push({ kind: 'filter', filter: { field, op: 'exists', values: [] } });
    found.push({ kind: 'filter', filter: { field, op: 'missing', values: [] } });
  }
  return found;
}

/** Values that a source does not list. */
export function fixedValues(field: FilterField): readonly TagValue[] | undefined {
  switch (field.kind) {
    case 'status':
      return ['error', 'ok', 'unset'].map(value => ({ type: 'keyword', value }));
    case 'kind':
      return ['server', 'client', 'producer', 'consumer', 'internal'].map(value => ({ type: 'keyword', value }));
    case 'duration':
      return ['10ms', '100ms', '500ms', '1s', '5s'].map(value => ({ type: 'duration', value }));
    default:
      return undefined;
  }
}

function equals(field: FilterField, value: TagValue): Suggestion {
  return { kind: 'filter', filter: { field, op: '=', values: [value] } };
}

/** A filter for names that have the text somewhere in them. */
function containing(field: FilterField, text: string): Suggestion {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return { kind: 'filter', filter: { field, op: '=~', values: [{ type: 'string', value: `.*${escaped}.*` }] } };
}

/** 0 starts with the text, 1 a part of the key starts with it, 2 contains it, -1 does not. */
function rankOf(field: FilterField, wanted: string): number {
  const { scope, name } = fieldName(field);
  const key = name.toLowerCase();
  if (key.startsWith(wanted)) return 0;
  if (key.split(/[._-]/).some(part => part.startsWith(wanted))) return 1;
  const scoped = wanted.includes('.') && `${scope ?? ''}.${key}`.startsWith(wanted);
  return key.includes(wanted) || scoped ? 2 : -1;
}

function isRegex(op: FilterOp): boolean {
  return op === '=~' || op === '!~';
}

function startsWith({ value }: TagValue, wanted: string): boolean {
  return value.toLowerCase().startsWith(wanted);
}
