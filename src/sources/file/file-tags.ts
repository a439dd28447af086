import { readTraceData } from '#decoding/otlp/query-spans.ts';
import { readField } from '#domain/search/facet-field.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import type { AttributeScope, Field } from '#domain/traceql/ast.ts';
import type { TagScope } from '#sources/trace-source.ts';
import { valuesOfField } from './file-facets.ts';
import type { LibraryTrace } from './file-library.ts';
import type { FileQuestions } from './file-protocol.ts';
import { matchingTraces, type QueryScope } from './matching-traces.ts';

const SCOPES = ['span', 'resource', 'event', 'link', 'instrumentation', 'baggage'] as const;
const INTRINSICS = [
  ...['duration', 'name', 'status', 'statusMessage', 'kind', 'rootName', 'rootServiceName', 'traceDuration'],
  ...['trace:id', 'span:id', 'span:parentID', 'event:name', 'instrumentation:name', 'instrumentation:version'],
];
const MAX_VALUES = 1000;

type Scope = (typeof SCOPES)[number];
type Keys = Readonly<Record<Scope, ReadonlySet<string>>>;

/** The attribute names of traces; each trace is looked through once. */
export class TagIndex {
  readonly #keys = new WeakMap<LibraryTrace, Keys>();

  tags({ library, baggageKeys }: QueryScope, window: FileQuestions['tags']): readonly TagScope[] {
    const all = new Map<Scope, Set<string>>(SCOPES.map(scope => [scope, new Set()]));
    for (const trace of library.within(window)) {
      const keys = this.#keys.get(trace) ?? keysOf(trace, baggageKeys);
      this.#keys.set(trace, keys);
      for (const scope of SCOPES) for (const key of keys[scope]) all.get(scope)?.add(key);
    }
    const scopes = [...all].map(([name, keys]) => ({ name, tags: [...keys].sort() }));
    return [...scopes.filter(({ tags }) => tags.length > 0), { name: 'intrinsic', tags: INTRINSICS }];
  }
}

function keysOf({ summary, bytes }: LibraryTrace, baggageKeys: readonly string[]): Keys {
  const keys = { span: new Set(), resource: new Set(), event: new Set(), link: new Set() } as Record<
    Scope,
    Set<string>
  >;
  keys.instrumentation = new Set();
  keys.baggage = new Set();
  const add = (scope: Scope, of: ReadonlyMap<string, unknown> | undefined) => {
    for (const key of of?.keys() ?? []) keys[scope].add(key);
  };
  for (const { columns } of readTraceData(summary.traceId, bytes, baggageKeys).spans) {
    add('span', columns.attributes);
    add('resource', columns.resource);
    add('instrumentation', columns.instrumentation?.attributes);
    for (const { attributes } of columns.events) add('event', attributes);
    for (const { attributes } of columns.links) add('link', attributes);
    for (const [key] of columns.baggage) keys.baggage.add(key);
  }
  return keys;
}

/** Values of a tag among the spans that match, the commonest first. */
export async function tagValues(
  scope: QueryScope,
  { tag, query, ...window }: FileQuestions['tagValues'],
): Promise<readonly TagValue[]> {
  const valuesOf = valuesOfField(fieldOfTag(tag));
  const counts = new Map<string, { readonly value: TagValue; count: number }>();
  for await (const { spans } of matchingTraces(scope, query === '' ? '{}' : query, window)) {
    for (const span of spans) {
      for (const value of valuesOf(span)) {
        const key = `${value.type}:${value.value}`;
        const known = counts.get(key) ?? { value, count: 0 };
        counts.set(key, known);
        known.count++;
      }
    }
  }
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count);
  return sorted.slice(0, MAX_VALUES).map(({ value }) => value);
}

/** Tags are written without the quotes that TraceQL wants around some names, so that no parser can read them. */
function fieldOfTag(tag: string): Field {
  const [, scope, key] = /^(span|resource|event|link|instrumentation|baggage)\.(.+)$/s.exec(tag) ?? [];
  if (scope === undefined || key === undefined) return readField(tag);
  return { type: 'attribute', scope: scope as AttributeScope, key, from: 0, to: 0 };
}
