import { type ForeignId, foreignId, foreignParentId, reportedIds } from '#decoding/file/foreign-ids.ts';
import { clampTime, isObject, listOf, member, nanosOfMicros, textOf } from '#decoding/file/foreign-values.ts';
import type { PlainLink, PlainResource, PlainScope, PlainSpan } from '#domain/trace/plain-span.ts';
import { type Attribute, SpanKind, StatusCode } from '#domain/trace/trace-table.ts';
import { jaegerAttributes } from './jaeger-attributes.ts';
import { chooseParents, type ParentChoice } from './jaeger-parents.ts';

/** Where warnings of the back end stand, on spans and (those of the trace) on scopes; Jaeger itself calls them so. */
export const WARNINGS_KEY = '@jaeger@warnings';

export interface ForeignSpans {
  readonly spans: readonly PlainSpan[];
  /** What could not be read: which span, and why. */
  readonly problems: readonly string[];
}

/** Times are µs: a trace whose clock begins at 0 is moved by 1 ns, since OTLP's 0 says that there is no time. */
const RELATIVE_CLOCK_NS = 86_400_000_000_000n;

/** One trace of Jaeger's JSON (`{traceID, spans, processes, warnings}`), parsed, as spans. Never throws. */
export function jaegerTrace(trace: unknown): ForeignSpans {
  const problems: string[] = [];
  const traceText = member(trace, 'traceID');
  const resources = new Resources(member(trace, 'processes'));
  const scopes = new Scopes(texts(member(trace, 'warnings')));
  // Spans may stand without a trace around them, as in Jaeger's indexes.
  const isSpan = member(trace, 'spans') === undefined && member(trace, 'spanID') !== undefined;
  const read = (isSpan ? [trace] : listOf(member(trace, 'spans'))).flatMap((span, i) => {
    const found = readSpan(span, traceText);
    if (typeof found === 'string') problems.push(`spans[${i}]: ${found}`);
    return typeof found === 'string' ? [] : [found];
  });
  const chosen = chooseParents(read);
  const startsAtZero = read.some(({ startNs }) => startNs === 0n);
  const shiftNs = startsAtZero && read.every(({ startNs }) => (startNs ?? 0n) < RELATIVE_CLOCK_NS) ? 1n : 0n;
  return { spans: read.map((span, i) => plainSpan(span, chosen[i], shiftNs, resources, scopes)), problems };
}

interface ReadSpan extends ParentChoice {
  readonly json: Record<string, unknown>;
  readonly traceId: string;
  readonly references: readonly Reference[];
  readonly reported: readonly Attribute[];
  readonly startNs: bigint | undefined;
}

interface Reference {
  readonly traceId: string;
  readonly id: ForeignId;
  readonly isChildOf: boolean;
}

/** The span, or why it is none. */
function readSpan(json: unknown, traceText: unknown): ReadSpan | string {
  if (!isObject(json)) return 'expected an object';
  const trace = foreignId(member(json, 'traceID') ?? traceText, 32);
  const span = foreignId(member(json, 'spanID'), 16);
  if (trace.hex === '') return 'traceID is missing';
  if (span.hex === '') return 'spanID is missing';
  const references = listOf(member(json, 'references')).flatMap((reference): Reference[] => {
    const id = foreignParentId(member(reference, 'spanID'));
    if (id.hex === '') return [];
    const other = foreignId(member(reference, 'traceID'), 32).hex || trace.hex;
    return [{ traceId: other, id, isChildOf: member(reference, 'refType') !== 'FOLLOWS_FROM' }];
  });
  const parent = foreignParentId(member(json, 'parentSpanID'));
  if (references.length === 0 && parent.hex !== '')
    references.push({ traceId: trace.hex, id: parent, isChildOf: true });
  const here = references.filter(({ traceId, id }) => traceId === trace.hex && id.hex !== span.hex);
  const ordered = [...here.filter(({ isChildOf }) => isChildOf), ...here.filter(({ isChildOf }) => !isChildOf)];
  return {
    json,
    traceId: trace.hex,
    spanId: span.hex,
    references,
    candidates: ordered.map(({ id, isChildOf }) => ({ spanId: id.hex, isChildOf })),
    reported: reportedIds({ trace_id: trace, span_id: span }),
    startNs: nanosOfMicros(member(json, 'startTime')),
  };
}

function plainSpan(read: ReadSpan, choice: number, shiftNs: bigint, resources: Resources, scopes: Scopes): PlainSpan {
  const { json, traceId, spanId, candidates, references, startNs } = read;
  const tags = new Tags(jaegerAttributes(member(json, 'tags')));
  const parent = choice < 0 ? undefined : candidates[choice];
  const parentAt = references.findIndex(
    ({ traceId: of, id, isChildOf }) => of === traceId && id.hex === parent?.spanId && isChildOf === parent.isChildOf,
  );
  const durationNs = nanosOfMicros(member(json, 'duration')) ?? 0n;
  const startUnixNano = startNs === undefined ? 0n : clampTime(startNs + shiftNs);
  const kind = KINDS[tags.takeIf('span.kind', text => Object.hasOwn(KINDS, text.toLowerCase()))?.toLowerCase() ?? ''];
  const status = statusOf(tags);
  const traceState = tags.takeIf('w3c.tracestate', () => true) ?? '';
  const scope = scopes.of(
    tags.takeIf('otel.scope.name', () => true) ?? tags.takeIf('otel.library.name', () => true) ?? '',
    tags.takeIf('otel.scope.version', () => true) ?? tags.takeIf('otel.library.version', () => true) ?? '',
  );
  const warnings = texts(member(json, 'warnings'));
  const flags = member(json, 'flags');
  return {
    traceId,
    spanId,
    parentSpanId: parent?.spanId ?? '',
    name: textOf(member(json, 'operationName')),
    kind: kind ?? SpanKind.unspecified,
    startUnixNano,
    endUnixNano: startNs === undefined ? 0n : clampTime(startUnixNano + durationNs),
    resource: resources.of(json),
    scope,
    ...status,
    traceState,
    ...(typeof flags === 'number' && flags >= 0 && flags <= 0xff && { flags: Math.trunc(flags) }),
    attributes: [...tags.left(), ...read.reported, ...warningsAttribute(warnings)],
    events: listOf(member(json, 'logs')).map(log => eventOf(log, shiftNs)),
    links: references.flatMap((reference, i) => (i === parentAt ? [] : [linkOf(reference)])),
  };
}

const KINDS: Readonly<Record<string, number>> = {
  internal: SpanKind.internal,
  server: SpanKind.server,
  client: SpanKind.client,
  producer: SpanKind.producer,
  consumer: SpanKind.consumer,
};

function statusOf(tags: Tags): { readonly statusCode: number; readonly statusMessage: string } {
  const code = tags.takeIf('otel.status_code', text => /^(error|ok|unset)$/i.test(text))?.toLowerCase();
  const statusMessage = tags.takeIf('otel.status_description', () => true) ?? '';
  const error = tags.get('error');
  const hasFailed = (error?.type === 'bool' && error.value) || (error?.type === 'string' && error.value === 'true');
  // Beside the code of OTLP it says nothing of its own: whoever translates to Jaeger adds it for Jaeger's page.
  if (code === 'error' && error?.type === 'bool' && error.value) tags.drop('error');
  const statusCode = code === 'error' || (code !== 'ok' && hasFailed) ? StatusCode.error : code === 'ok' ? 1 : 0;
  return { statusCode, statusMessage };
}

function eventOf(log: unknown, shiftNs: bigint): NonNullable<PlainSpan['events']>[number] {
  const fields = jaegerAttributes(member(log, 'fields'));
  const at = ['event', 'log'].map(key => fields.findIndex(field => field.key === key)).find(found => found >= 0) ?? -1;
  const value = fields[at]?.value;
  const isText = value?.type === 'string';
  const time = nanosOfMicros(member(log, 'timestamp'));
  return {
    timeUnixNano: time === undefined ? 0n : clampTime(time + shiftNs),
    name: isText ? value.value : 'log',
    attributes: isText ? fields.filter((_, i) => i !== at) : fields,
  };
}

function linkOf({ traceId, id, isChildOf }: Reference): PlainLink {
  const refType = isChildOf ? 'child_of' : 'follows_from';
  return {
    traceId,
    spanId: id.hex,
    attributes: [{ key: 'opentracing.ref_type', value: { type: 'string', value: refType } }],
  };
}

/** Attributes of a span, from which those are taken that mean something else in OTLP. */
class Tags {
  readonly #attributes: Attribute[];

  constructor(attributes: Attribute[]) {
    this.#attributes = attributes;
  }

  get(key: string): Attribute['value'] | undefined {
    return this.#attributes.find(attribute => attribute.key === key)?.value;
  }

  takeIf(key: string, fits: (text: string) => boolean): string | undefined {
    const at = this.#attributes.findIndex(attribute => attribute.key === key);
    const value = this.#attributes[at]?.value;
    if (value?.type !== 'string' || !fits(value.value)) return undefined;
    this.#attributes.splice(at, 1);
    return value.value;
  }

  drop(key: string): void {
    const at = this.#attributes.findIndex(attribute => attribute.key === key);
    if (at >= 0) this.#attributes.splice(at, 1);
  }

  left(): readonly Attribute[] {
    return this.#attributes;
  }
}

class Resources {
  readonly #processes: unknown;
  readonly #known = new Map<string, PlainResource>();

  constructor(processes: unknown) {
    this.#processes = processes;
  }

  /** Of a span's process; one that is not listed has no service name. */
  of(span: Record<string, unknown>): PlainResource {
    const own = member(span, 'process');
    if (isObject(own)) return resourceOf(own);
    const id = textOf(member(span, 'processID'));
    const known = this.#known.get(id) ?? resourceOf(member(this.#processes, id));
    this.#known.set(id, known);
    return known;
  }
}

function resourceOf(process: unknown): PlainResource {
  const name = textOf(member(process, 'serviceName'));
  const tags = jaegerAttributes(member(process, 'tags'));
  if (name === '') return { attributes: tags };
  const others = tags.filter(({ key }) => key !== 'service.name');
  return { attributes: [{ key: 'service.name', value: { type: 'string', value: name } }, ...others] };
}

/** One scope object for each name and version, so that neighbours share a group. */
class Scopes {
  readonly #known = new Map<string, PlainScope>();
  readonly #attributes: readonly Attribute[];

  constructor(warnings: readonly string[]) {
    this.#attributes = [PRECISION, ...warningsAttribute(warnings)];
  }

  of(name: string, version: string): PlainScope {
    const key = `${name}\n${version}`;
    const known = this.#known.get(key) ?? { name, version, attributes: this.#attributes };
    this.#known.set(key, known);
    return known;
  }
}

/** On the scope of spans whose times were told in µs: shorter ones are 0. */
export const PRECISION: Attribute = { key: 'throughline.time_precision', value: { type: 'string', value: 'µs' } };

function warningsAttribute(warnings: readonly string[]): Attribute[] {
  if (warnings.length === 0) return [];
  const value = warnings.map(text => ({ type: 'string' as const, value: text }));
  return [{ key: WARNINGS_KEY, value: { type: 'list', value } }];
}

function texts(value: unknown): readonly string[] {
  return listOf(value).map(textOf);
}
