import { encodeRequest, type PlainAttributes, type PlainSpan } from '#e2e/otlp/encode-spans.ts';
import { seededRandom } from '#e2e/random.ts';
import { resourceOf, SERVICES } from './generate.ts';

/**
 * The traces of the trace page's figures: `tree` is what services that call each other make; the others are the worst
 * shapes, each of which has broken some viewer.
 */
export type TraceForm = 'tree' | 'chain' | 'fan' | 'roots' | 'big-attribute' | 'many-attributes';

export interface BigTrace {
  readonly traceId: string;
  /** ExportTraceServiceRequest bodies, made as they are asked for. */
  readonly bodies: Iterable<Buffer>;
}

export interface BigTraceOptions {
  readonly form: TraceForm;
  readonly spans: number;
  readonly seed: number;
  readonly startUnixMs: number;
  /** Service of the first root, to find the trace by. */
  readonly rootService: string;
}

const SPANS_PER_REQUEST = 2_000;
const BIG_ATTRIBUTE_BYTES = 10_000_000;
const MANY_ATTRIBUTES = 10_000;
const FAILING = 0.004;
const RESOURCE_SCOPE = '@opentelemetry/instrumentation-http';
const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5] as const;
const OPERATIONS = ['list', 'get', 'create', 'update', 'validate', 'reserve', 'score', 'quote'];
const TABLES = ['orders', 'items', 'customers', 'prices', 'stock', 'ledger_entries'];

/** The same options give the same bytes. Spans leave in batches of one service each, as SDKs send them. */
export function bigTrace(options: BigTraceOptions): BigTrace {
  const forest = formOf(options);
  const random = seededRandom(options.seed ^ 0x5bd1e995);
  const traceId = idBytes(16, random);
  return { traceId: traceId.toString('hex'), bodies: batches(options, forest, traceId) };
}

/** Spans in an order in which parents come first. Times are ns after the start of the trace. */
interface Forest {
  readonly parent: Int32Array;
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
  readonly kind: Uint8Array;
  readonly service: Uint8Array;
}

function formOf({ form, spans, seed }: BigTraceOptions): Forest {
  switch (form) {
    case 'chain':
      return line(spans, row => row - 1, true);
    case 'fan':
      return line(spans, row => (row === 0 ? -1 : 0), false);
    case 'roots':
      return line(spans, () => -1, false);
    default:
      return tree(spans, seed);
  }
}

/** Each span calls a few others, one after the other or at once; remote calls are a CLIENT and a SERVER span. */
function tree(spans: number, seed: number): Forest {
  const random = seededRandom(seed);
  const forest = emptyForest(spans);
  const { parent, fromNs, toNs, kind, service } = forest;
  parent[0] = -1;
  toNs[0] = Math.max(2.4e9, spans * 1e6);
  kind[0] = SERVER;
  let count = 1;
  for (let row = 0; row < spans && count < spans; row++) {
    // The last open span always goes on, so that the trace reaches its size; leaves are most of a real trace.
    const last = row === count - 1;
    if (!last && kind[row] === CLIENT && random() < 0.6) continue;
    const wanted = kind[row] === CLIENT || kind[row] === PRODUCER ? 1 : 1 + Math.floor(random() ** 2 * 9);
    const children = Math.min(last ? Math.max(2, wanted) : wanted, spans - count);
    const parallel = random() < 0.3;
    const width = (toNs[row] - fromNs[row]) * 0.94;
    for (let child = 0; child < children; child++) {
      const slot = parallel ? width : width / children;
      const from = fromNs[row] + width * 0.02 + (parallel ? random() * width * 0.1 : child * slot);
      parent[count] = row;
      fromNs[count] = Math.round(from);
      toNs[count] = Math.round(from + slot * (0.3 + 0.6 * random()));
      kind[count] = childKind(kind[row], random());
      service[count] =
        kind[count] === SERVER || kind[count] === CONSUMER
          ? (service[row] + 1 + Math.floor(random() * (SERVICES.length - 1))) % SERVICES.length
          : service[row];
      count++;
    }
  }
  return forest;
}

function childKind(kind: number, dice: number): number {
  if (kind === CLIENT) return SERVER;
  if (kind === PRODUCER) return CONSUMER;
  if (dice < 0.68) return CLIENT;
  return dice < 0.71 ? PRODUCER : INTERNAL;
}

function line(spans: number, parentOf: (row: number) => number, nested: boolean): Forest {
  const forest = emptyForest(spans);
  for (let row = 0; row < spans; row++) {
    forest.parent[row] = parentOf(row);
    const stepNs = 10_000;
    forest.fromNs[row] = nested ? row * 100 : row * stepNs * Number(row > 0);
    forest.toNs[row] = nested ? 100 * (2 * spans - row) : row === 0 ? spans * stepNs : (row + 0.8) * stepNs;
    forest.kind[row] = row === 0 ? SERVER : row % 3 === 0 ? CLIENT : INTERNAL;
    forest.service[row] = row % SERVICES.length;
  }
  return forest;
}

function emptyForest(spans: number): Forest {
  return {
    parent: new Int32Array(spans),
    fromNs: new Float64Array(spans),
    toNs: new Float64Array(spans),
    kind: new Uint8Array(spans),
    service: new Uint8Array(spans),
  };
}

function* batches(options: BigTraceOptions, forest: Forest, traceId: Buffer): Generator<Buffer> {
  const random = seededRandom(options.seed ^ 0x9e3779b1);
  const start = BigInt(options.startUnixMs) * 1_000_000n;
  const session: PlainAttributes = [
    ['tenant.id', 'acme'],
    ['user.id', `u-${options.seed}`],
  ];
  const waiting = new Map<string, PlainSpan[]>();
  for (let row = 0; row < options.spans; row++) {
    const service = row === 0 ? options.rootService : SERVICES[forest.service[row]!]!;
    const batch = waiting.get(service) ?? [];
    waiting.set(service, batch);
    batch.push(spanOf(options, forest, row, traceId, start, session, random));
    if (batch.length < SPANS_PER_REQUEST) continue;
    waiting.set(service, []);
    yield encodeRequest(resourceOf(service), RESOURCE_SCOPE, batch);
  }
  for (const [service, batch] of waiting) {
    if (batch.length > 0) yield encodeRequest(resourceOf(service), RESOURCE_SCOPE, batch);
  }
}

function spanOf(
  { form, spans }: BigTraceOptions,
  forest: Forest,
  row: number,
  traceId: Buffer,
  start: bigint,
  session: PlainAttributes,
  random: () => number,
): PlainSpan {
  const parent = forest.parent[row]!;
  const kind = forest.kind[row]!;
  const failed = random() < FAILING;
  const endUnixNano = start + BigInt(Math.round(forest.toNs[row]!));
  const { name, attributes } = contentOf(kind, row, failed, random);
  const message = failed ? 'upstream did not answer within 400 ms' : '';
  const marked = row === spans >> 1 ? extremeOf(form) : [];
  return {
    traceId,
    spanId: idOfRow(row),
    parentSpanId: parent < 0 ? Buffer.alloc(0) : idOfRow(parent),
    name,
    kind,
    startUnixNano: start + BigInt(Math.round(forest.fromNs[row]!)),
    endUnixNano,
    status: failed ? 2 : 0,
    statusMessage: message,
    attributes: [...attributes, ...session, ...marked],
    events: failed ? [{ name: 'exception', unixNano: endUnixNano, attributes: [['exception.message', message]] }] : [],
  };
}

function extremeOf(form: TraceForm): PlainAttributes {
  if (form === 'big-attribute') return [['payload', 'abcdefghi '.repeat(BIG_ATTRIBUTE_BYTES / 10)]];
  if (form !== 'many-attributes') return [];
  return Array.from({ length: MANY_ATTRIBUTES }, (_, i) => [`key.${i}`, `value ${i}`] as const);
}

function contentOf(kind: number, row: number, failed: boolean, random: () => number) {
  const at = Math.floor(random() * OPERATIONS.length);
  const operation = OPERATIONS[at]!;
  const item = 100_000 + Math.floor(random() * 50_000);
  if (kind === SERVER) {
    const attributes: PlainAttributes = [
      ['http.request.method', 'POST'],
      ['http.route', `/shop/:id/${operation}`],
      ['url.path', `/shop/${item}/${operation}`],
      ['http.response.status_code', failed ? 503 : 200],
    ];
    return { name: row === 0 ? 'POST /checkout' : `POST /shop/:id/${operation}`, attributes };
  }
  if (kind === CLIENT) {
    const table = TABLES[at % TABLES.length]!;
    const attributes: PlainAttributes = [
      ['db.system.name', 'postgresql'],
      ['db.collection.name', table],
      ['db.query.text', `select * from ${table} where id = $1`],
      ['db.response.returned_rows', at],
    ];
    return { name: `SELECT ${table}`, attributes };
  }
  const attributes: PlainAttributes = [
    ['code.function.name', `shop.${operation}`],
    ['thread.id', at],
    ['shop.items', item % 30],
    ['shop.region', at < 5 ? 'eu-central' : 'us-east'],
  ];
  return { name: operation, attributes };
}

/** Ids as random ones look: all bits in use, no two alike (multiplication by an odd number is a bijection). */
function idOfRow(row: number): Buffer {
  const id = Buffer.allocUnsafe(8);
  id.writeUInt32LE(Math.imul(row + 1, 0x9e3779b1) >>> 0, 0);
  id.writeUInt32LE(Math.imul(row + 7, 0x85ebca6b) >>> 0, 4);
  return id;
}

function idBytes(length: number, random: () => number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => 1 + Math.floor(random() * 255)));
}
