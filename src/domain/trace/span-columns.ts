type Column = Uint8Array | Uint32Array | Int32Array;

/**
 * Spans in the order of arrival, as growable columns: what the builder fills and `assemble-table.ts` consumes.
 * 64-bit numbers are pairs of unsigned 32-bit halves: low at 2i, high at 2i + 1, so that a column of them can be read as
 * a BigUint64Array (every platform JavaScript runs on is little-endian) without making a bigint per span.
 */
export class SpanColumns {
  count = 0;
  eventCount = 0;
  linkCount = 0;
  spanId = new Uint32Array(0);
  parentSpanId = new Uint32Array(0);
  /** Unix ns as reported; 0 for none. */
  start = new Uint32Array(0);
  end = new Uint32Array(0);
  /** Indexes of the trace's string table. */
  name = new Int32Array(0);
  statusMessage = new Int32Array(0);
  traceState = new Int32Array(0);
  resource = new Int32Array(0);
  scope = new Int32Array(0);
  kind = new Uint8Array(0);
  status = new Uint8Array(0);
  w3cFlags = new Uint32Array(0);
  droppedAttributes = new Uint32Array(0);
  droppedEvents = new Uint32Array(0);
  droppedLinks = new Uint32Array(0);
  /** Events of span i end at eventEnd[i] and begin where those of the span before end; links likewise. */
  eventEnd = new Uint32Array(0);
  linkEnd = new Uint32Array(0);
  eventTime = new Uint32Array(0);
  eventName = new Int32Array(0);
  linkTraceIdHi = new Uint32Array(0);
  linkTraceIdLo = new Uint32Array(0);
  linkSpanId = new Uint32Array(0);
  /** Byte range of the Span message, where the spans came as bytes. */
  from = new Uint32Array(0);
  to = new Uint32Array(0);

  readonly #capacityAfter: (count: number) => number;

  /** `capacityAfter` says how many spans to make room for once there are `count`. */
  constructor(capacityAfter: (count: number) => number = count => 2 * count) {
    this.#capacityAfter = capacityAfter;
  }

  /** Appends a span with all columns 0 but for where its events and links end, and returns its index. */
  add(): number {
    const index = this.count++;
    if (index >= this.name.length) this.#growSpans(Math.max(64, this.#capacityAfter(index)));
    // Fresh memory is zero, and memory that nobody has written to is not there: zeros are never written.
    if (this.eventCount !== 0) this.eventEnd[index] = this.eventCount;
    if (this.linkCount !== 0) this.linkEnd[index] = this.linkCount;
    return index;
  }

  /** Appends an event to the span added last, and returns the event's index. */
  addEvent(): number {
    const index = this.eventCount++;
    if (index >= this.eventName.length) {
      const capacity = Math.max(64, 2 * index);
      this.eventTime = grown(this.eventTime, 2 * capacity);
      this.eventName = grown(this.eventName, capacity);
    }
    this.eventEnd[this.count - 1] = this.eventCount;
    return index;
  }

  /** Appends a link to the span added last, and returns the link's index. */
  addLink(): number {
    const index = this.linkCount++;
    if (2 * index >= this.linkSpanId.length) {
      const capacity = Math.max(16, 2 * index);
      this.linkTraceIdHi = grown(this.linkTraceIdHi, 2 * capacity);
      this.linkTraceIdLo = grown(this.linkTraceIdLo, 2 * capacity);
      this.linkSpanId = grown(this.linkSpanId, 2 * capacity);
    }
    this.linkEnd[this.count - 1] = this.linkCount;
    return index;
  }

  #growSpans(capacity: number): void {
    this.spanId = grown(this.spanId, 2 * capacity);
    this.parentSpanId = grown(this.parentSpanId, 2 * capacity);
    this.start = grown(this.start, 2 * capacity);
    this.end = grown(this.end, 2 * capacity);
    this.name = grown(this.name, capacity);
    this.statusMessage = grown(this.statusMessage, capacity);
    this.traceState = grown(this.traceState, capacity);
    this.resource = grown(this.resource, capacity);
    this.scope = grown(this.scope, capacity);
    this.kind = grown(this.kind, capacity);
    this.status = grown(this.status, capacity);
    this.w3cFlags = grown(this.w3cFlags, capacity);
    this.droppedAttributes = grown(this.droppedAttributes, capacity);
    this.droppedEvents = grown(this.droppedEvents, capacity);
    this.droppedLinks = grown(this.droppedLinks, capacity);
    this.eventEnd = grown(this.eventEnd, capacity);
    this.linkEnd = grown(this.linkEnd, capacity);
    this.from = grown(this.from, capacity);
    this.to = grown(this.to, capacity);
  }
}

function grown<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (length: number) => T)(length);
  larger.set(column);
  return larger;
}

/** Writes a bigint of 0 … 2^64 - 1 as pair i of a column. */
export function setPair(pairs: Uint32Array, i: number, value: bigint): void {
  pairs[2 * i] = Number(value & 0xffff_ffffn);
  pairs[2 * i + 1] = Number(value >> 32n);
}

/** Whether pair i is 0: no id, no time. */
export function isZero(pairs: Uint32Array, i: number): boolean {
  return pairs[2 * i] === 0 && pairs[2 * i + 1] === 0;
}

/** a[i] - b[j] as a number: exact up to 2^53 apart. */
export function difference64(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  return (a[2 * i + 1] - b[2 * j + 1]) * 4_294_967_296 + (a[2 * i] - b[2 * j]);
}
