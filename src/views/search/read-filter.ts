import type { Filter, FilterField, FilterOp } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { parseDuration } from '#domain/traceql/literals.ts';
import { opsOf } from './field-names.ts';

const SIMPLE: Readonly<Record<string, FilterField>> = {
  status: { kind: 'status' },
  service: { kind: 'service' },
  'service.name': { kind: 'service' },
  'resource.service.name': { kind: 'service' },
  operation: { kind: 'operation' },
  name: { kind: 'operation' },
  kind: { kind: 'kind' },
  duration: { kind: 'duration' },
};
const SCOPES = ['span', 'resource', 'event', 'link', 'instrumentation'] as const;

/**
 * The field that a typed or pasted key names: `service`, `span.http.route`, `baggage.tenant.id`. A bare key is baggage
 * if it is configured as such, else an attribute of any scope.
 */
export function fieldOfKey(key: string, isBaggageKey: (key: string) => boolean): FilterField | undefined {
  const name = key.trim().replace(/^\./, '');
  if (name === '' || /["`{}()\n]/.test(name)) return undefined;
  const simple = Object.hasOwn(SIMPLE, name.toLowerCase()) ? SIMPLE[name.toLowerCase()] : undefined;
  if (simple) return simple;
  if (/^baggage\./.test(name) && name.length > 8) return { kind: 'baggage', key: name.slice(8) };
  const scope = SCOPES.find(prefix => name.startsWith(`${prefix}.`) && name.length > prefix.length + 1);
  if (scope) return { kind: 'attribute', scope, key: name.slice(scope.length + 1) };
  return isBaggageKey(name) ? { kind: 'baggage', key: name } : { kind: 'attribute', scope: 'any', key: name };
}

/** Whether a key counts as baggage; a configured entry that ends in '.' is a prefix. */
export function baggageMatcher(baggageKeys: readonly string[]): (key: string) => boolean {
  return key => baggageKeys.some(entry => (entry.endsWith('.') ? key.startsWith(entry) : key === entry));
}

/** `key=value`, `key != value`, `duration > 200ms`: what a reader types or pastes. Undefined for other text, such as a URL. */
export function readFilter(text: string, isBaggageKey: (key: string) => boolean): Filter | undefined {
  if (/^\s*[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  const match = /^\s*([^\s=!<>~"'`{}]+)\s*(!=|=~|!~|>=|<=|=|>|<)\s*(\S[\s\S]*?)\s*$/.exec(text);
  if (!match) return undefined;
  const [, key, op, value] = match as unknown as [string, string, FilterOp, string];
  const field = fieldOfKey(key, isBaggageKey);
  if (!field || !opsOf(field).includes(op)) return undefined;
  const read = readValue(field, op, unquote(value));
  return read && { field, op, values: [read] };
}

/** A typed value as the field takes it; undefined if it cannot be one. `known` are values the source has listed. */
export function readValue(
  field: FilterField,
  op: FilterOp,
  text: string,
  known: readonly TagValue[] = [],
): TagValue | undefined {
  if (text === '') return undefined;
  const listed = known.find(value => value.value === text);
  if (listed) return listed;
  if (op === '=~' || op === '!~') return { type: 'string', value: text };
  switch (field.kind) {
    case 'status':
      return /^(error|ok|unset)$/i.test(text) ? { type: 'keyword', value: text.toLowerCase() } : undefined;
    case 'kind':
      return /^(unspecified|internal|server|client|producer|consumer)$/i.test(text)
        ? { type: 'keyword', value: text.toLowerCase() }
        : undefined;
    case 'duration': {
      const compact = text.replace(/\s/g, '').replace('µ', 'u');
      const withUnit = /^\d+(\.\d+)?$/.test(compact) ? `${compact}ms` : compact;
      return parseDuration(withUnit) === undefined ? undefined : { type: 'duration', value: withUnit };
    }
    case 'service':
    case 'operation':
    case 'baggage':
      return { type: 'string', value: text };
    case 'attribute':
      return { type: known.some(value => value.type === 'string') ? 'string' : typeOf(text), value: text };
  }
}

function typeOf(text: string): TagValue['type'] {
  if (/^-?\d{1,18}$/.test(text)) return 'int';
  if (/^-?\d+\.\d+([eE][+-]?\d+)?$/.test(text)) return 'float';
  return text === 'true' || text === 'false' ? 'bool' : 'string';
}

function unquote(text: string): string {
  const match = /^(["'`])([\s\S]*)\1$/.exec(text);
  return match ? match[2]! : text;
}
