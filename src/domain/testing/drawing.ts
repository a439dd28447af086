import type { PlainEvent, PlainLink, PlainResource, PlainSpan } from '#domain/trace/plain-span.ts';
import { type Attribute, type AttributeValue, SpanKind, StatusCode } from '#domain/trace/trace-table.ts';

/**
 * Traces drawn as text. One line is one span:
 *
 *     gateway  GET /checkout        |----------------|
 *     cart       SELECT items          |---|
 *     pay        POST /charge !            |--*----|
 *     -            work #a1 @consumer k=5        |
 *
 *     service  name and options     bar
 *
 * - **Service**: the first word; `-` for a span whose resource has no `service.name`.
 * - **Parent**: the nearest line above whose name begins further left. Names that begin at the same column are siblings.
 * - **Bar**: a column is 1 ms (`columnNs`). `|` is an end of the span: `|---|` lasts 4 ms, a lone `|` lasts 0. The leftmost
 *   bar of the drawing starts at `startUnixNano`. `*` within the bar is an event (name `event`; `exception` if the span failed).
 *   `<--|` starts at the bar's right and ends at its left (a negative duration). `|---?` has a start but no end, a lone `?`
 *   neither.
 * - **Options** are the last words before the bar, in any order:
 *   `!` status error, `!text` with that message · `@server` kind (`internal` if left out; `@99` any number) ·
 *   `#a1` span id in hex (otherwise the number of the line, from 1) · `^b2` parent id, instead of by indentation; `^` for none ·
 *   `~b2` a link to that span of the trace · `+5s`, `-3ns` shifts the start and the end (ns us ms s h d) ·
 *   `key=value` an attribute: int, double, bool or string, whatever the value looks like (`'5'` is a string; `_` in strings
 *   reads as a space only inside quotes: `k='a_b'`) · `resource.key=value` one of the resource.
 *
 * Empty lines and those that begin with `//` are skipped. Spans come out in the order of the lines.
 */
export function readDrawing(text: string, options: DrawOptions = {}): PlainSpan[] {
  const { traceId = DRAWN_TRACE_ID, startUnixNano = DRAWN_START, columnNs = 1_000_000 } = options;
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.trim().startsWith('//'));
  const drawn = lines.map((line, i) => readLine(line, i + 1));
  const origin = drawn.reduce((least, line) => Math.min(least, line.barFrom), Number.POSITIVE_INFINITY);
  const resources = new Map<string, PlainResource>();
  const at = (column: number, line: DrawnLine) =>
    startUnixNano + BigInt(Math.round((column - origin) * columnNs)) + line.shiftNs;
  return drawn.map((line, i): PlainSpan => {
    const above = drawn.slice(0, i).findLast(other => other.nameColumn < line.nameColumn);
    return {
      traceId,
      spanId: line.spanId,
      parentSpanId: line.parentSpanId ?? above?.spanId ?? '',
      name: line.name,
      kind: line.kind,
      startUnixNano: line.start === undefined ? 0n : at(line.start, line),
      endUnixNano: line.end === undefined ? 0n : at(line.end, line),
      resource: shared(resources, line.resource),
      scope: DRAWN_SCOPE,
      attributes: line.attributes,
      events: line.events.map((column): PlainEvent => {
        const name = line.failed ? 'exception' : 'event';
        return { timeUnixNano: at(column, line), name, attributes: [] };
      }),
      links: line.links.map((spanId): PlainLink => ({ traceId, spanId })),
      statusCode: line.failed ? StatusCode.error : StatusCode.unset,
      statusMessage: line.statusMessage,
    };
  });
}

export interface DrawOptions {
  readonly traceId?: string;
  /** Of the leftmost bar. */
  readonly startUnixNano?: bigint;
  /** ns that a column stands for. */
  readonly columnNs?: number;
}

export const DRAWN_TRACE_ID = '0123456789abcdef0123456789abcdef';
export const DRAWN_START = 1_760_000_000_000_000_000n;

const DRAWN_SCOPE = { name: 'drawn' };

interface DrawnLine {
  readonly nameColumn: number;
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly failed: boolean;
  readonly statusMessage: string;
  readonly attributes: readonly Attribute[];
  readonly resource: PlainResource;
  readonly links: readonly string[];
  readonly shiftNs: bigint;
  readonly barFrom: number;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly events: readonly number[];
}

/** One object for equal resources: the encoder groups spans by it. */
function shared(resources: Map<string, PlainResource>, resource: PlainResource): PlainResource {
  const key = resource.attributes
    .map(({ key, value }) => `${key}=${'value' in value ? String(value.value) : ''}`)
    .join();
  const known = resources.get(key) ?? resource;
  resources.set(key, known);
  return known;
}

function readLine(line: string, number: number): DrawnLine {
  const match = /^(?<before>\s*(?<service>\S+)\s+)(?<label>\S.*?)\s+(?<bar>\||\?|[|<][-*]*[|?])\s*$/.exec(line);
  if (match?.groups === undefined) throw new Error(`line ${number} of the drawing is not "service name |--|": ${line}`);
  const { before, service, label, bar } = match.groups;
  const words = label.split(/\s+/);
  const options = readOptions(words, number);
  const barFrom = line.trimEnd().length - bar.length;
  const barTo = barFrom + bar.length - 1;
  const backwards = bar.startsWith('<');
  const serviceName: Attribute = { key: 'service.name', value: { type: 'string', value: service } };
  return {
    ...options,
    nameColumn: before.length,
    barFrom,
    start: bar === '?' ? undefined : backwards ? barTo : barFrom,
    end: bar.endsWith('?') ? undefined : backwards ? barFrom : barTo,
    events: [...bar.matchAll(/\*/g)].map(event => barFrom + event.index),
    resource: {
      attributes: service === '-' ? options.resourceAttributes : [serviceName, ...options.resourceAttributes],
    },
  };
}

function readOptions(words: readonly string[], number: number) {
  let nameWords = words.length;
  while (nameWords > 1 && isOption(words[nameWords - 1])) nameWords--;
  let spanId = hexId(number.toString(16), 16);
  let parentSpanId: string | undefined;
  let kind: number = SpanKind.internal;
  let failed = false;
  let statusMessage = '';
  let shiftNs = 0n;
  const attributes: Attribute[] = [];
  const resourceAttributes: Attribute[] = [];
  const links: string[] = [];
  for (const word of words.slice(nameWords)) {
    const rest = word.slice(1);
    if (word.startsWith('!')) {
      failed = true;
      statusMessage = rest;
    } else if (word.startsWith('#')) spanId = hexId(rest, 16);
    else if (word.startsWith('^')) parentSpanId = rest === '' ? '' : hexId(rest, 16);
    else if (word.startsWith('~')) links.push(hexId(rest, 16));
    else if (word.startsWith('@')) kind = readKind(rest);
    else if (SHIFT.test(word)) shiftNs = readShift(word);
    else {
      const attribute = readAttribute(word);
      if (!attribute.key.startsWith('resource.')) attributes.push(attribute);
      else resourceAttributes.push({ key: attribute.key.slice('resource.'.length), value: attribute.value });
    }
  }
  const name = words.slice(0, nameWords).join(' ');
  return { name, spanId, parentSpanId, kind, failed, statusMessage, shiftNs, attributes, resourceAttributes, links };
}

const SHIFT = /^[+-]\d+(ns|us|ms|s|h|d)$/;
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};

function isOption(word: string): boolean {
  return /^(!\S*|#[0-9a-f]+|\^[0-9a-f]*|~[0-9a-f]+|@\w+|[^=\s]+=\S*)$/.test(word) || SHIFT.test(word);
}

function hexId(text: string, digits: number): string {
  return text.padStart(digits, '0');
}

function readKind(text: string): number {
  const kind = Object.hasOwn(SpanKind, text) ? SpanKind[text as keyof typeof SpanKind] : Number(text);
  if (!Number.isInteger(kind)) throw new Error(`@${text} is no span kind`);
  return kind;
}

function readShift(text: string): bigint {
  const [, amount, unit] = /^([+-]\d+)([a-z]+)$/.exec(text) ?? [];
  return BigInt(amount) * UNITS[unit];
}

function readAttribute(word: string): Attribute {
  const at = word.indexOf('=');
  return { key: word.slice(0, at), value: readValue(word.slice(at + 1)) };
}

function readValue(text: string): AttributeValue {
  if (/^'.*'$/.test(text)) return { type: 'string', value: text.slice(1, -1).replaceAll('_', ' ') };
  if (/^-?\d+$/.test(text)) return { type: 'int', value: BigInt(text) };
  if (/^-?\d+\.\d+$/.test(text)) return { type: 'double', value: Number(text) };
  if (text === 'true' || text === 'false') return { type: 'bool', value: text === 'true' };
  return { type: 'string', value: text };
}
