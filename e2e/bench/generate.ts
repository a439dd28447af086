import type { PlainAttributes, PlainSpan } from '#e2e/otlp/encode-spans.ts';
import { seededRandom } from '#e2e/random.ts';

export interface GeneratedSpan extends PlainSpan {
  readonly service: string;
}

export interface TraceShape {
  /** Spans in the trace; the generator stops exactly there. */
  readonly spans: number;
  readonly startUnixNano: bigint;
  /** Duration of the root. */
  readonly durationNs: number;
  /** Service of the root; the rest are drawn from `SERVICES`. */
  readonly rootService?: string;
}

export const SERVICES = [
  'storefront',
  'checkout',
  'payment',
  'cart',
  'pricing',
  'inventory',
  'recommender',
  'search',
  'shipping',
  'accounts',
  'fraud',
  'ledger',
] as const;

const OPERATIONS = ['list', 'get', 'create', 'update', 'validate', 'reserve', 'score', 'quote'];
const METHODS = ['GET', 'GET', 'POST', 'PUT', 'GET', 'POST', 'POST', 'POST'];
const TABLES = ['orders', 'items', 'customers', 'prices', 'stock', 'ledger_entries'];
const TENANTS = ['acme', 'globex', 'initech', 'umbrella', 'hooli', 'stark', 'wayne', 'tyrell'];
const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
const FAILING_TRACES = 0.02;
const DEEPEST = 14;
const STACK =
  'TimeoutError: upstream did not answer within 400 ms\n    at send (/app/client.js:71:13)\n    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)\n    at async handle (/app/server.js:40:20)';

interface Draft {
  readonly spanId: Buffer;
  readonly service: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly depth: number;
}

/** Traces of services that call each other and their databases; the same seed gives the same bytes. */
export class TraceGenerator {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  trace(shape: TraceShape): GeneratedSpan[] {
    const traceId = this.#id(16);
    const failing = this.#random() < FAILING_TRACES;
    const session: PlainAttributes = [
      ['tenant.id', TENANTS[Math.floor(this.#random() ** 2 * TENANTS.length)]!],
      ['user.id', `u-${this.#below(20_000)}`],
    ];
    const spans: GeneratedSpan[] = [];
    const add = (
      draft: Draft,
      parentSpanId: Buffer,
      kind: number,
      name: string,
      attributes: PlainAttributes,
      failed: boolean,
    ) => {
      const startUnixNano = shape.startUnixNano + BigInt(Math.round(draft.startNs));
      const endUnixNano = shape.startUnixNano + BigInt(Math.round(draft.endNs));
      spans.push({
        service: draft.depth === 0 && shape.rootService ? shape.rootService : SERVICES[draft.service]!,
        traceId,
        spanId: draft.spanId,
        parentSpanId,
        name,
        kind,
        startUnixNano,
        endUnixNano,
        status: failed ? ERROR : 0,
        statusMessage: failed ? 'upstream did not answer within 400 ms' : '',
        attributes: [...attributes, ...session],
        events: failed
          ? [
              {
                name: 'exception',
                unixNano: endUnixNano,
                attributes: [
                  ['exception.type', 'TimeoutError'],
                  ['exception.message', 'upstream did not answer within 400 ms'],
                  ['exception.stacktrace', STACK],
                ],
              },
            ]
          : [],
      });
    };

    const root: Draft = { spanId: this.#id(8), service: 0, startNs: 0, endNs: shape.durationNs, depth: 0 };
    add(root, Buffer.alloc(0), SERVER, 'POST /checkout', this.#serverAttributes('POST', '/checkout', failing), failing);
    const queue = [root];
    for (let head = 0; head < queue.length && spans.length < shape.spans; head++) {
      const parent = queue[head]!;
      const isLast = head === queue.length - 1;
      const children = Math.min(1 + this.#below(5) + (isLast ? 2 : 0), shape.spans - spans.length);
      const parallel = this.#random() < 0.3;
      const widthNs = (parent.endNs - parent.startNs) * 0.92;
      for (let child = 0; child < children && spans.length < shape.spans; child++) {
        const slotNs = parallel ? widthNs : widthNs / children;
        const startNs = parent.startNs + (parallel ? this.#random() * widthNs * 0.1 : child * slotNs) + slotNs * 0.02;
        const draft: Draft = {
          spanId: this.#id(8),
          service: parent.service,
          startNs,
          endNs: startNs + slotNs * (0.3 + 0.6 * this.#random()),
          depth: parent.depth + 1,
        };
        const failed = failing && child === children - 1 && parent.depth < 3;
        const dice = this.#random();
        // The last open span always calls on, so that a trace reaches the size that was asked for.
        if (parent.depth < DEEPEST && (dice < 0.45 || (isLast && child === 0))) {
          const remote: Draft = {
            spanId: this.#id(8),
            service: (parent.service + 1 + this.#below(SERVICES.length - 1)) % SERVICES.length,
            startNs: draft.startNs + (draft.endNs - draft.startNs) * 0.03,
            endNs: draft.endNs - (draft.endNs - draft.startNs) * 0.03,
            depth: draft.depth + 1,
          };
          const operation = this.#below(OPERATIONS.length);
          const method = METHODS[operation]!;
          const target = SERVICES[remote.service]!;
          add(draft, parent.spanId, CLIENT, method, this.#clientAttributes(method, target, operation, failed), failed);
          if (spans.length === shape.spans) break;
          const route = `/${target}/:id/${OPERATIONS[operation]}`;
          add(
            remote,
            draft.spanId,
            SERVER,
            `${method} ${route}`,
            this.#serverAttributes(method, route, failed),
            failed,
          );
          queue.push(remote);
        } else if (dice < 0.85) {
          const table = TABLES[this.#below(TABLES.length)]!;
          add(draft, parent.spanId, CLIENT, `SELECT ${table}`, this.#databaseAttributes(table), false);
        } else {
          add(
            draft,
            parent.spanId,
            INTERNAL,
            OPERATIONS[this.#below(OPERATIONS.length)]!,
            this.#internalAttributes(),
            failed,
          );
        }
        // Nothing is left to call from: continue under the span just added, as a chain of steps inside its service.
        if (head === queue.length - 1 && child === children - 1 && spans.length < shape.spans)
          queue.push(parent.depth < DEEPEST ? draft : root);
      }
    }
    return spans;
  }

  #serverAttributes(method: string, route: string, failed: boolean): PlainAttributes {
    return [
      ['http.request.method', method],
      ['http.route', route],
      ['url.path', route.replace(':id', String(100_000 + this.#below(50_000)))],
      ['http.response.status_code', failed ? 503 : 200],
      ['network.protocol.version', '1.1'],
      ['client.address', `10.1.${this.#below(4)}.${this.#below(250)}`],
    ];
  }

  #clientAttributes(method: string, target: string, operation: number, failed: boolean): PlainAttributes {
    return [
      ['http.request.method', method],
      ['url.full', `http://${target}:8080/${target}/${100_000 + this.#below(50_000)}/${OPERATIONS[operation]}`],
      ['http.response.status_code', failed ? 503 : 200],
      ['server.address', target],
      ['server.port', 8080],
      ['network.protocol.version', '1.1'],
    ];
  }

  #databaseAttributes(table: string): PlainAttributes {
    return [
      ['db.system.name', 'postgresql'],
      ['db.namespace', 'shop'],
      ['db.operation.name', 'SELECT'],
      ['db.collection.name', table],
      ['db.query.text', `select * from ${table} where id = $1`],
      ['db.response.returned_rows', this.#below(40)],
    ];
  }

  #internalAttributes(): PlainAttributes {
    return [
      ['code.function.name', `shop.${OPERATIONS[this.#below(OPERATIONS.length)]}`],
      ['thread.id', this.#below(16)],
      ['feature.flag', this.#random() < 0.5],
      ['shop.items', this.#below(30)],
      ['shop.weight', this.#random() * 10],
      ['shop.region', this.#random() < 0.7 ? 'eu-central' : 'us-east'],
    ];
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  #id(length: 8 | 16): Buffer {
    const id = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at += 4) id.writeUInt32LE(1 + this.#below(0xffff_fffe), at);
    return id;
  }
}

/** Attributes of the resource that a service's spans come from. */
export function resourceOf(service: string): PlainAttributes {
  return [
    ['service.name', service],
    ['service.namespace', 'shop'],
    ['service.version', '2.13.2'],
    ['service.instance.id', `${service}-7d9f5c-1`],
    ['deployment.environment.name', 'bench'],
    ['telemetry.sdk.language', 'nodejs'],
  ];
}
