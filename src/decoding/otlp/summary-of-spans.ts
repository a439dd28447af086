import type { TraceId } from '#domain/ids.ts';
import { byServiceSize, type TraceSummary } from '#domain/search/trace-summary.ts';
import type { SpanFields } from '#domain/trace/span-sink.ts';
import { StatusCode } from '#domain/trace/trace-table.ts';
import { readText } from './attributes.ts';

/** A wider spread of times needs a table, which tells what is off the scale. */
const MAX_SPREAD_NS = 2n ** 53n;

interface Counts {
  spanCount: number;
  errorCount: number;
}

/** Adds the spans of one trace up while they are scanned: a table of each trace of a large file would take as long again. */
export class SummaryOfSpans {
  readonly #ids: number[] = [];
  readonly #services = new Map<number, Counts>();
  #errors = 0;
  #startLo = 0xffff_ffff;
  #startHi = 0xffff_ffff;
  #endLo = 0;
  #endHi = 0;
  #root: Root | undefined;
  #isTimed = true;

  /** `service` is a number for its name. */
  add(span: SpanFields, service: number): void {
    const { bytes, spanIdFrom, spanIdTo, startLo, startHi, endLo, endHi } = span;
    const hasId = spanIdTo - spanIdFrom === 8;
    // Big endian, as ids are compared.
    const idHi = hasId ? word(bytes, spanIdFrom) : 0;
    const idLo = hasId ? word(bytes, spanIdFrom + 4) : 0;
    this.#ids.push(idLo, idHi);
    const known = this.#services.get(service) ?? { spanCount: 0, errorCount: 0 };
    this.#services.set(service, known);
    known.spanCount++;
    if (span.statusCode === StatusCode.error) {
      known.errorCount++;
      this.#errors++;
    }
    if ((startLo === 0 && startHi === 0) || isLess(endLo, endHi, startLo, startHi)) this.#isTimed = false;
    if (isLess(startLo, startHi, this.#startLo, this.#startHi)) {
      this.#startLo = startLo;
      this.#startHi = startHi;
    }
    if (isLess(this.#endLo, this.#endHi, endLo, endHi)) {
      this.#endLo = endLo;
      this.#endHi = endHi;
    }
    if (!isZero(bytes, span.parentSpanIdFrom, span.parentSpanIdTo)) return;
    const root = { startLo, startHi, endLo, endHi, idLo, idHi, nameFrom: span.nameFrom, nameTo: span.nameTo, service };
    if (this.#root === undefined || comesBefore(root, this.#root)) this.#root = root;
  }

  /**
   * Undefined where repairs decide: ids that occur twice, spans without times or with odd ones. `bytes` are those that were
   * scanned.
   */
  finish(traceId: TraceId, bytes: Uint8Array, serviceName: (service: number) => string): TraceSummary | undefined {
    const start = (BigInt(this.#startHi) << 32n) | BigInt(this.#startLo);
    const spread = ((BigInt(this.#endHi) << 32n) | BigInt(this.#endLo)) - start;
    if (!this.#isTimed || spread > MAX_SPREAD_NS || hasDoubles(this.#ids)) return undefined;
    const root = this.#root;
    return {
      traceId,
      rootServiceName: root === undefined ? '' : serviceName(root.service),
      rootName: root === undefined ? '' : readText(bytes, root.nameFrom, root.nameTo),
      startUnixNano: start,
      durationNs: Number(spread),
      services: [...this.#services]
        .map(([service, counts]) => ({ name: serviceName(service), ...counts }))
        .sort(byServiceSize),
      spanCount: this.#ids.length / 2,
      errorCount: this.#errors,
      matchedSpans: undefined,
    };
  }
}

interface Root {
  readonly startLo: number;
  readonly startHi: number;
  readonly endLo: number;
  readonly endHi: number;
  readonly idLo: number;
  readonly idHi: number;
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly service: number;
}

/** The order of siblings in a table: by start, then the longer, then by id. */
function comesBefore(a: Root, b: Root): boolean {
  if (a.startLo !== b.startLo || a.startHi !== b.startHi) return isLess(a.startLo, a.startHi, b.startLo, b.startHi);
  if (a.endLo !== b.endLo || a.endHi !== b.endHi) return isLess(b.endLo, b.endHi, a.endLo, a.endHi);
  return isLess(a.idLo, a.idHi, b.idLo, b.idHi);
}

function hasDoubles(words: readonly number[]): boolean {
  const ids = new BigUint64Array(new Uint32Array(words).buffer).sort();
  for (let i = 1; i < ids.length; i++) if (ids[i] === ids[i - 1]) return true;
  return false;
}

function isLess(loA: number, hiA: number, loB: number, hiB: number): boolean {
  return hiA === hiB ? loA < loB : hiA < hiB;
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false;
  return true;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
