import type { Field, Intrinsic } from '#domain/traceql/ast.ts';
import { KIND_NAMES, STATUS_NAMES } from '#domain/traceql/names.ts';
import type { SpanView } from './evaluate.ts';
import { type NestedSet, nestedSetOf } from './nested-set.ts';
import type { ListValue, Value } from './value.ts';

export interface ChildData {
  readonly name: string;
  readonly timeNs: bigint;
  readonly traceId: bigint;
  readonly spanId: bigint;
  readonly attributes: ReadonlyMap<string, Value>;
}

/** The columns of one span row. Ids as numbers; `parentId` 0n for none. */
export interface SpanColumns {
  readonly rowId: bigint;
  readonly segment: number;
  readonly spanId: bigint;
  readonly parentId: bigint;
  /** 0n if it was sent without. */
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly name: string;
  readonly service: string;
  readonly kind: number;
  readonly status: number;
  readonly statusMessage: string;
  /** Per filter of the query: whether SQL found that it holds; undefined where SQL cannot tell. */
  readonly holds: readonly (boolean | undefined)[];
  /** Only what was asked for (`FieldNeeds`). */
  readonly attributes: ReadonlyMap<string, Value>;
  readonly resource: ReadonlyMap<string, Value>;
  readonly instrumentation: Instrumentation | undefined;
  readonly baggage: readonly (readonly [string, string])[];
  readonly events: readonly ChildData[];
  readonly links: readonly ChildData[];
}

export interface Instrumentation {
  readonly name: string;
  readonly version: string;
  readonly attributes: ReadonlyMap<string, Value>;
}

/** All spans of one trace, identical copies left out, by start. */
export class TraceData {
  readonly traceId: bigint;
  readonly spans: readonly SpanData[];
  #nested: NestedSet | undefined;
  #baggage: Map<string, ListValue> | undefined;
  #root: SpanData | undefined | null = null;

  constructor(traceId: bigint, columns: readonly SpanColumns[]) {
    this.traceId = traceId;
    const known = new Set<bigint>();
    const kept: SpanColumns[] = [];
    /** Where the same id comes again: rows that are left out are told by everything that they show. */
    let seen: Set<string> | undefined;
    for (const c of columns) {
      if (known.has(c.spanId)) {
        seen ??= new Set(kept.map(copyKey));
        if (seen.has(copyKey(c))) continue;
      }
      known.add(c.spanId);
      seen?.add(copyKey(c));
      kept.push(c);
    }
    kept.sort((a, b) => compareBig(a.startNs, b.startNs) || compareBig(a.rowId, b.rowId));
    this.spans = kept.map((c, i) => new SpanData(this, i, c));
  }

  /** Earliest start of a span that has one. */
  get startNs(): bigint {
    return (this.spans.find(s => s.columns.startNs > 0n) ?? this.spans[0])?.columns.startNs ?? 0n;
  }

  get endNs(): bigint {
    let end = 0n;
    for (const { columns: c } of this.spans) if (c.startNs + c.durationNs > end) end = c.startNs + c.durationNs;
    return end;
  }

  get durationNs(): bigint {
    const { startNs, endNs } = this;
    return endNs > startNs ? endNs - startNs : 0n;
  }

  /** Of several roots the last one; undefined if none was received. */
  get root(): SpanData | undefined {
    if (this.#root === null) this.#root = this.spans.findLast(s => s.columns.parentId === 0n);
    return this.#root;
  }

  get nested(): NestedSet {
    this.#nested ??= nestedSetOf(this.spans.map(s => s.columns));
    return this.#nested;
  }

  /** Values of a baggage key on any span; undefined if no span carries it. */
  baggage(key: string): ListValue | undefined {
    if (this.#baggage === undefined) {
      const values = new Map<string, Set<string>>();
      for (const { columns } of this.spans) {
        for (const [name, value] of columns.baggage) {
          const known = values.get(name);
          if (known === undefined) values.set(name, new Set([value]));
          else known.add(value);
        }
      }
      this.#baggage = new Map([...values].map(([name, set]) => [name, { strings: [...set], numbers: [] }]));
    }
    return this.#baggage.get(key);
  }
}

function copyKey(c: SpanColumns): string {
  return `${c.spanId}/${c.parentId}/${c.startNs}/${c.durationNs}/${c.kind}/${c.status}/${c.service}/${c.name}`;
}

export class SpanData implements SpanView {
  readonly trace: TraceData;
  /** Place in `trace.spans`. */
  readonly index: number;
  readonly columns: SpanColumns;

  constructor(trace: TraceData, index: number, columns: SpanColumns) {
    this.trace = trace;
    this.index = index;
    this.columns = columns;
  }

  get eventCount(): number {
    return this.columns.events.length;
  }

  get linkCount(): number {
    return this.columns.links.length;
  }

  field(field: Field, event: number, link: number): Value {
    const { columns } = this;
    if (field.type === 'intrinsic') return this.#intrinsic(field.name, event, link);
    const { key } = field;
    switch (field.scope) {
      case 'span':
        return columns.attributes.get(key);
      case 'resource':
        return key === 'service.name' ? columns.service : columns.resource.get(key);
      case 'any':
        return columns.attributes.get(key) ?? (key === 'service.name' ? columns.service : columns.resource.get(key));
      case 'instrumentation':
        return columns.instrumentation?.attributes.get(key);
      case 'event':
        return columns.events[event]?.attributes.get(key);
      case 'link':
        return columns.links[link]?.attributes.get(key);
      case 'baggage':
        return this.trace.baggage(key);
      case 'parent':
        return undefined;
    }
  }

  #intrinsic(name: Intrinsic, event: number, link: number): Value {
    const { columns, trace, index } = this;
    switch (name) {
      case 'duration':
        return columns.durationNs;
      case 'name':
        return columns.name;
      case 'status':
        return wordOf(STATUS_NAMES, columns.status);
      case 'statusMessage':
        return columns.statusMessage;
      case 'kind':
        return wordOf(KIND_NAMES, columns.kind);
      case 'rootName':
        return trace.root?.columns.name ?? '';
      case 'rootServiceName':
        return trace.root?.columns.service ?? '';
      case 'traceDuration':
        return trace.durationNs;
      case 'nestedSetLeft':
        return BigInt(trace.nested.left[index]);
      case 'nestedSetRight':
        return BigInt(trace.nested.right[index]);
      case 'nestedSetParent':
        return BigInt(trace.nested.parent[index]);
      case 'span:childCount':
        return BigInt(trace.nested.childCount[index]);
      case 'trace:id':
        return hex(trace.traceId, 32);
      case 'span:id':
        return hex(columns.spanId, 16);
      case 'span:parentID':
        return columns.parentId === 0n ? undefined : hex(columns.parentId, 16);
      case 'event:name':
        return columns.events[event]?.name;
      case 'event:timeSinceStart': {
        const child = columns.events[event];
        return child === undefined ? undefined : child.timeNs - columns.startNs;
      }
      case 'link:traceID':
        return link < 0 ? undefined : hex(columns.links[link].traceId, 32);
      case 'link:spanID':
        return link < 0 ? undefined : hex(columns.links[link].spanId, 16);
      case 'instrumentation:name':
        return columns.instrumentation?.name;
      case 'instrumentation:version':
        return columns.instrumentation?.version;
      case 'parent':
        return undefined;
    }
  }
}

/** Lower-case hex digits, padded. */
export function hex(value: bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

function wordOf(names: readonly string[], number: number): Value {
  const word = names[number];
  return word === undefined ? undefined : { word };
}

function compareBig(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
