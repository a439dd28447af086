import { readAttribute } from '#decoding/otlp/attributes.ts';
import { parseBaggageHeader } from '#domain/trace/baggage.ts';
import { samplingWeight } from '#domain/trace/sampling-weight.ts';
import type { SpanFields, SpanSink } from '#domain/trace/span-sink.ts';
import { AttrScope } from '#server/store/schema/segment-table.ts';
import type { AttributeDictionary } from './attribute-dictionary.ts';
import type { FragmentCollector } from './fragment-collector.ts';
import type { OwnerTable } from './owner-table.ts';
import { MAX_HI, pushId, pushRowId, type SegmentRows } from './segment-rows.ts';
import type { Texts } from './texts.ts';
import { WireCursor } from './wire-cursor.ts';

const PROMOTED_STEP = 512;

/** What one request held. */
export interface RequestCounts {
  accepted: number;
  /** Spans refused because of their trace id or span id. */
  badTraceId: number;
  badSpanId: number;
  /** Spans kept without their parent id, which is not 8 bytes long. */
  badParentId: number;
  /** Links kept in the original bytes only, because their ids are not valid. */
  badLinks: number;
  /** Spans kept although they have no start, end before it, or start before 2000 or more than an hour ahead. */
  noStart: number;
  reversed: number;
  longAgo: number;
  ahead: number;
}

/** Earliest start and latest end, as halves; the start leaves out spans that have none. */
export interface SpanBounds {
  minLo: number;
  minHi: number;
  maxLo: number;
  maxHi: number;
}

/** Upper half of 2000-01-01 in Unix ns. Nobody's spans are older; clocks that were never set are. */
const YEAR_2000_HI = Math.floor(946_684_800e9 / 2 ** 32);
const AHEAD_NS = 3600e9;

/** Turns the spans of a request into rows. Between `open` and `close` it receives one request from the scanner. */
export class SpanRows implements SpanSink {
  counts: RequestCounts = noCounts();
  nextRowId: number;
  /** Spans of the request per service. */
  readonly serviceSpans = new Map<string, number>();
  bounds: SpanBounds = { minLo: 0xffffffff, minHi: MAX_HI, maxLo: 0, maxHi: 0 };
  readonly #rows: SegmentRows;
  readonly #texts: Texts;
  readonly #dictionary: AttributeDictionary;
  readonly #owners: OwnerTable;
  readonly #fragments: FragmentCollector;
  readonly #fields = new WireCursor();
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #resource = 0;
  #resourceBaggage: readonly number[] = [];
  #service = 0;
  #scope = 0;
  #openedAt = 0;
  /** Upper half of the latest start that is no odd one. */
  #latestHi = 0;

  constructor(
    rows: SegmentRows,
    texts: Texts,
    dictionary: AttributeDictionary,
    owners: OwnerTable,
    fragments: FragmentCollector,
    firstRowId: number,
  ) {
    this.#rows = rows;
    this.#texts = texts;
    this.#dictionary = dictionary;
    this.#owners = owners;
    this.#fragments = fragments;
    this.nextRowId = firstRowId;
  }

  open(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.counts = noCounts();
    this.serviceSpans.clear();
    this.#resource = 0;
    this.#openedAt = 0;
    this.#latestHi = Math.floor((Date.now() * 1e6 + AHEAD_NS) / 2 ** 32);
  }

  /** After the last span: completes the rows of the last resource. */
  close(): void {
    this.#closeResource();
    this.#resource = 0;
    this.#cutPromoted();
  }

  /** Also after a request that failed half-way: the columns then end where its last complete row does. */
  #cutPromoted(): void {
    for (const column of this.#rows.promoted) column.truncate(this.#rows.spans.rowId.length);
  }

  resource(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.#closeResource();
    const owner = this.#owners.resource(bytes, this.#viewOf(bytes), from, to, schemaUrlFrom, schemaUrlTo);
    this.#resource = owner.id;
    this.#service = owner.service;
    this.#resourceBaggage = owner.baggage;
    this.#openedAt = this.counts.accepted;
    this.#fragments.open(this.#bytes);
  }

  scope(bytes: Uint8Array, from: number, to: number, schemaUrlFrom: number, schemaUrlTo: number): void {
    this.#scope = this.#owners.scope(bytes, this.#viewOf(bytes), from, to, schemaUrlFrom, schemaUrlTo);
    this.#fragments.scope(bytes, from, to, schemaUrlFrom, schemaUrlTo);
  }

  span(span: SpanFields): void {
    if (!isId(span.bytes, span.traceIdFrom, span.traceIdTo, 16)) {
      this.counts.badTraceId++;
      return;
    }
    if (!isId(span.bytes, span.spanIdFrom, span.spanIdTo, 8)) {
      this.counts.badSpanId++;
      return;
    }
    this.counts.accepted++;
    this.#pushTimes(span);
    this.#pushSpan(span);
    const rowId = this.nextRowId++;
    pushRowId(this.#rows.spans.rowId, rowId);
    this.#pushAttributes(span, rowId);
  }

  /** A message that came in parts arrives in a buffer of its own. */
  #viewOf(bytes: Uint8Array): DataView {
    if (bytes === this.#bytes) return this.#view;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #closeResource(): void {
    if (this.#resource === 0) return;
    this.#fragments.close(this.#rows, this.#resource);
    const service = this.#texts.at(this.#service);
    const spans = this.counts.accepted - this.#openedAt;
    if (spans > 0) this.serviceSpans.set(service, (this.serviceSpans.get(service) ?? 0) + spans);
  }

  #pushSpan(span: SpanFields): void {
    const { spans } = this.#rows;
    const bytes = span.bytes;
    pushId(spans.traceId, bytes, span.traceIdFrom, span.traceIdTo);
    pushId(spans.spanId, bytes, span.spanIdFrom, span.spanIdTo);
    const parentLength = span.parentSpanIdTo - span.parentSpanIdFrom;
    if (parentLength === 8) pushId(spans.parentSpanId, bytes, span.parentSpanIdFrom, span.parentSpanIdTo);
    else {
      spans.parentSpanId.push64(0, 0);
      if (parentLength !== 0) this.counts.badParentId++;
    }
    const texts = this.#texts;
    texts.push(spans.name, texts.intern(bytes, this.#view, span.nameFrom, span.nameTo));
    texts.push(spans.service, this.#service);
    const message = texts.intern(bytes, this.#view, span.statusMessageFrom, span.statusMessageTo);
    texts.push(spans.statusMessage, message);
    spans.kind.push8(enumByte(span.kind));
    spans.status.push8(enumByte(span.statusCode));
    spans.resourceId.push32(this.#resource);
    spans.scopeId.push32(this.#scope);
    const [startLo, startHi] = span.startHi > MAX_HI ? [0xffffffff, MAX_HI] : [span.startLo, span.startHi];
    this.#fragments.add(span.from, span.to, span.traceIdFrom, startLo, startHi);
  }

  /** Start and duration in int64 range; the exact times stand in the original bytes. */
  #pushTimes(span: SpanFields): void {
    const { spans } = this.#rows;
    let { startLo, startHi, endLo, endHi } = span;
    if (startHi > MAX_HI) [startLo, startHi] = [0xffffffff, MAX_HI];
    if (endHi > MAX_HI) [endLo, endHi] = [0xffffffff, MAX_HI];
    spans.startNs.push64(startLo, startHi);
    const reversed = endHi < startHi || (endHi === startHi && endLo < startLo);
    if (reversed || (startHi === 0 && startLo === 0)) spans.durationNs.push64(0, 0);
    else spans.durationNs.push64((endLo - startLo) >>> 0, endHi - startHi - (endLo < startLo ? 1 : 0));
    const { bounds } = this;
    const hasStart = startHi !== 0 || startLo !== 0;
    if (reversed) this.counts.reversed++;
    if (!hasStart) this.counts.noStart++;
    else if (startHi < YEAR_2000_HI) this.counts.longAgo++;
    else if (startHi > this.#latestHi) this.counts.ahead++;
    if (hasStart && (startHi < bounds.minHi || (startHi === bounds.minHi && startLo < bounds.minLo))) {
      bounds.minHi = startHi;
      bounds.minLo = startLo;
    }
    if (reversed) [endLo, endHi] = [startLo, startHi];
    if (endHi > bounds.maxHi || (endHi === bounds.maxHi && endLo > bounds.maxLo)) {
      bounds.maxHi = endHi;
      bounds.maxLo = endLo;
    }
  }

  /** Attributes, events and links of a span, and the baggage they carry. */
  #pushAttributes(span: SpanFields, rowId: number): void {
    const { spans, promoted } = this.#rows;
    const dictionary = this.#dictionary;
    const row = spans.rowId.length - 1;
    const baggageFrom = spans.baggage.child.length;
    for (const id of this.#resourceBaggage) this.#pushBaggage(id, baggageFrom);
    if (row >= promoted[0].length) this.#extendPromoted(row + 1);
    for (let i = 0; i < span.attributeCount; i++) {
      const from = span.attributes[2 * i];
      const entry = dictionary.intern(AttrScope.span, span.bytes, this.#view, from, span.attributes[2 * i + 1]);
      const id = dictionary.interner.ids[entry];
      if (dictionary.isPlain(entry)) {
        spans.attrs.child.push32(id);
        continue;
      }
      const column = dictionary.promotedColumn(entry);
      if (column < 0) spans.attrs.child.push32(id);
      else promoted[column].i32[row] = id;
      for (const member of dictionary.baggageOf(entry)) this.#pushBaggage(member, baggageFrom);
    }
    if (span.traceStateTo > span.traceStateFrom) this.#pushWeight(span);
    spans.attrs.close();
    for (let i = 0; i < span.eventCount; i++) {
      this.#pushEvent(span.bytes, span.events[2 * i], span.events[2 * i + 1], rowId, baggageFrom);
    }
    for (let i = 0; i < span.linkCount; i++) {
      this.#pushLink(span.bytes, span.links[2 * i], span.links[2 * i + 1], rowId);
    }
    spans.baggage.close();
  }

  #pushWeight({ bytes, traceStateFrom, traceStateTo }: SpanFields): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + traceStateFrom, traceStateTo - traceStateFrom);
    const weight = samplingWeight(text.toString('latin1'));
    if (weight !== undefined) this.#rows.spans.attrs.child.push32(this.#dictionary.internWeight(weight));
  }

  /** In steps: there are many of these columns and most stay empty. `close` cuts them to size. */
  #extendPromoted(rows: number): void {
    for (const column of this.#rows.promoted) column.extendTo(rows + PROMOTED_STEP);
  }

  #pushBaggage(id: number, from: number): void {
    const { child } = this.#rows.spans.baggage;
    for (let i = from; i < child.length; i++) if (child.i32[i] === id) return;
    child.push32(id);
  }

  #pushEvent(bytes: Uint8Array, from: number, to: number, rowId: number, baggageFrom: number): void {
    const { events } = this.#rows;
    const fields = this.#fields;
    let [timeLo, timeHi, nameFrom, nameTo, isBaggage] = [0, 0, 0, 0, false];
    fields.open(bytes, from, to);
    while (fields.next()) {
      if (fields.field === 1 && fields.wireType === 1) {
        timeLo = this.#view.getUint32(fields.from, true);
        timeHi = this.#view.getUint32(fields.from + 4, true);
      } else if (fields.field === 2 && fields.wireType === 2) {
        [nameFrom, nameTo] = [fields.from, fields.to];
      } else if (fields.field === 3 && fields.wireType === 2) {
        const entry = this.#dictionary.intern(AttrScope.event, bytes, this.#view, fields.from, fields.to);
        events.attrs.child.push32(this.#dictionary.interner.ids[entry]);
        isBaggage ||= this.#dictionary.marksBaggageEvent(entry);
      }
    }
    if (timeHi > MAX_HI) [timeLo, timeHi] = [0xffffffff, MAX_HI];
    const name = this.#texts.intern(bytes, this.#view, nameFrom, nameTo);
    pushRowId(events.rowId, rowId);
    events.timeNs.push64(timeLo, timeHi);
    this.#texts.push(events.name, name);
    events.attrs.close();
    if (isBaggage || this.#texts.at(name) === 'baggage') this.#pushEventBaggage(bytes, from, to, baggageFrom);
  }

  /** Jaeger's log of a baggage item: attributes `key` and `value`, or one `baggage` header. */
  #pushEventBaggage(bytes: Uint8Array, from: number, to: number, baggageFrom: number): void {
    const found = new Map<string, string>();
    this.#fields.open(bytes, from, to);
    while (this.#fields.next()) {
      if (this.#fields.field !== 3 || this.#fields.wireType !== 2) continue;
      const { key, value } = readAttribute(bytes, this.#fields.from, this.#fields.to);
      if (value.type === 'string') found.set(key, value.value);
    }
    const [key, value, header] = [found.get('key'), found.get('value'), found.get('baggage')];
    if (key !== undefined && value !== undefined) {
      this.#pushBaggage(this.#dictionary.internBaggage(key, value), baggageFrom);
    }
    for (const [name, member] of header === undefined ? [] : parseBaggageHeader(header)) {
      this.#pushBaggage(this.#dictionary.internBaggage(name, member), baggageFrom);
    }
  }

  #pushLink(bytes: Uint8Array, from: number, to: number, rowId: number): void {
    const { links } = this.#rows;
    const fields = this.#fields;
    let [traceFrom, traceTo, spanFrom, spanTo] = [0, 0, 0, 0];
    const attrs = links.attrs.child.length;
    fields.open(bytes, from, to);
    while (fields.next()) {
      if (fields.wireType !== 2) continue;
      if (fields.field === 1) [traceFrom, traceTo] = [fields.from, fields.to];
      else if (fields.field === 2) [spanFrom, spanTo] = [fields.from, fields.to];
      else if (fields.field === 4) {
        const entry = this.#dictionary.intern(AttrScope.link, bytes, this.#view, fields.from, fields.to);
        links.attrs.child.push32(this.#dictionary.interner.ids[entry]);
      }
    }
    if (!isId(bytes, traceFrom, traceTo, 16) || !isId(bytes, spanFrom, spanTo, 8)) {
      this.counts.badLinks++;
      links.attrs.child.truncate(attrs);
      return;
    }
    pushRowId(links.rowId, rowId);
    pushId(links.traceId, bytes, traceFrom, traceTo);
    pushId(links.spanId, bytes, spanFrom, spanTo);
    links.attrs.close();
  }
}

function noCounts(): RequestCounts {
  return {
    accepted: 0,
    badTraceId: 0,
    badSpanId: 0,
    badParentId: 0,
    badLinks: 0,
    noStart: 0,
    reversed: 0,
    longAgo: 0,
    ahead: 0,
  };
}

/** OTLP's open enums in a byte: what does not fit is 255. */
function enumByte(value: number): number {
  return value >= 0 && value < 255 ? value : 255;
}

function isId(bytes: Uint8Array, from: number, to: number, length: number): boolean {
  if (to - from !== length) return false;
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return true;
  return false;
}
