import type { TraceId } from '#domain/ids.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { SpanKind, StatusCode } from '#domain/trace/trace-table.ts';

export const MADE_UP_TRACE = 'a'.repeat(32) as TraceId;
const SPANS = 2_000;

/**
 * A tree of calls with some of everything that traces are made of: code that was compiled for less is thrown away again
 * when a real trace comes. The spans of one service follow each other, as they arrive.
 */
export function madeUpSpans(): PlainSpan[] {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const calls: Call[] = [{ parent: -1, fromNs: 0, toNs: 6_300_517_211, service: 0, name: 'GET /', failed: true }];
  for (let parent = 0; calls.length < SPANS; parent++) {
    const { fromNs, toNs, service } = calls[parent];
    const children = 1 + Math.floor(8 * random() ** 2);
    // Some call the same again and again, some several things at once, or at the same ns.
    const name = random() < 0.3 ? `SELECT ${parent % 5}` : undefined;
    const stepNs = random() < 0.2 ? 0 : (0.9 * (toNs - fromNs)) / children;
    for (let child = 0; child < children; child++) {
      const from = Math.round(fromNs + child * stepNs + (stepNs === 0 ? 0 : random() * 999));
      calls.push({
        parent,
        fromNs: from,
        toNs: Math.round(from + (0.1 + 0.7 * random()) * (stepNs === 0 ? toNs - fromNs : stepNs)),
        service: random() < 0.4 ? Math.floor(random() * RESOURCES.length) : service,
        name: name ?? `operation ${Math.floor(random() * 24)}`,
        failed: random() < 0.04,
      });
    }
  }
  const order = [...calls.keys()].sort((a, b) => calls[a].service - calls[b].service);
  return order.map(i => spanOf(i, calls[i]));
}

interface Call {
  readonly parent: number;
  readonly fromNs: number;
  readonly toNs: number;
  readonly service: number;
  readonly name: string;
  readonly failed: boolean;
}

function spanOf(i: number, { parent, fromNs, toNs, service, name, failed }: Call): PlainSpan {
  const startUnixNano = BASE + BigInt(fromNs);
  const endUnixNano = BASE + BigInt(toNs);
  return {
    traceId: MADE_UP_TRACE,
    spanId: idOf(i),
    // Now and then one whose parent is not there.
    parentSpanId: parent < 0 ? '' : idOf(i % 499 === 0 ? SPANS * 9 : parent),
    name,
    kind: i % 50 === 3 ? SpanKind.producer : 1 + (i % 3),
    startUnixNano,
    endUnixNano,
    resource: RESOURCES[service],
    scope: SCOPES[i % SCOPES.length],
    statusCode: failed ? StatusCode.error : StatusCode.unset,
    statusMessage: failed ? `no answer from ${service}` : '',
    traceState: i % 90 === 7 ? 'vendor=a' : '',
    flags: i % 3 === 0 ? 0x101 : 0,
    droppedAttributes: i % 200 === 9 ? 3 : 0,
    attributes: [
      { key: 'http.route', value: { type: 'string', value: `/shop/${i % 50}` } },
      { key: 'db.query.text', value: { type: 'string', value: `select * from orders where id = ${i}` } },
      { key: 'http.response.status_code', value: { type: 'int', value: failed ? 503n : 200n } },
      { key: 'shop.total', value: { type: 'double', value: i / 7 } },
      { key: 'cache.hit', value: { type: 'bool', value: i % 3 === 0 } },
    ],
    events: failed ? [{ timeUnixNano: endUnixNano, name: 'exception', attributes: [MESSAGE] }] : [],
    links: i % 100 === 5 ? [{ traceId: OTHER_TRACE_ID, spanId: idOf(i + SPANS) }] : [],
  };
}

const BASE = 1_764_437_345_678_912_345n;
const OTHER_TRACE_ID = '0123456789abcdef'.repeat(2);
const MESSAGE = { key: 'exception.message', value: { type: 'string', value: 'no answer' } } as const;
const RESOURCES = ['frontend', 'orders', 'payment', 'stock', 'mail'].map(name => ({
  attributes: [
    { key: 'service.name', value: { type: 'string', value: name } as const },
    { key: 'host.name', value: { type: 'string', value: `${name}-1` } as const },
  ],
}));
const SCOPES = [{ name: 'http', version: '1.2.3' }, { name: 'sql' }];

/** Ids as random ones look. */
function idOf(i: number): string {
  const half = (factor: number): string => (Math.imul(i + 1, factor) >>> 0).toString(16).padStart(8, '0');
  return half(0x9e3779b1) + half(0x85ebca6b);
}
