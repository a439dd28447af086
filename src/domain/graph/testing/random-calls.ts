import { readDrawing } from '#domain/testing/drawing.ts';
import { seededRandom } from '#domain/testing/seeded-random.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { SpanKind } from '#domain/trace/trace-table.ts';

const SERVICES = ['web', 'api', 'jobs', 'Mail', '-'];
const PEERS: readonly (readonly string[])[] = [
  [],
  ['server.address=api'],
  ['server.address=api.shop.svc.cluster.local'],
  ['server.address=example.com:443'],
  ['net.peer.name=10.0.0.7'],
  ['db.system=mysql', 'db.name=stock', 'server.address=api'],
  ['db.system.name=redis'],
  ['peer.service=mail'],
  ['messaging.destination.name=orders', 'messaging.system=kafka'],
  ['server.address=5'],
];

/**
 * Six traces of all kinds of calls, and unless `isPlain` with parents that are missing, links between them and halves
 * that share an id.
 */
export function randomCalls(seed: number, isPlain = false): PlainSpan[] {
  const random = seededRandom(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)];
  const spans: PlainSpan[] = [];
  for (let trace = 0; trace < 6; trace++) {
    const lines: string[] = [];
    const count = 2 + Math.floor(random() * 14);
    for (let i = 0; i < count; i++) {
      const depth = i === 0 ? 0 : 1 + Math.floor(random() * Math.min(i, 4));
      const kind = pick(['server', 'client', 'client', 'producer', 'consumer', 'internal']);
      const start = i + Math.floor(random() * 5);
      const words = [
        `span${i}`,
        `@${kind}`,
        `#${(seed * 10_000 + trace * 100 + i + 1).toString(16)}`,
        ...pick(PEERS),
        ...(random() < 0.2 ? ['!'] : []),
        ...(random() < 0.1 && !isPlain ? ['^abcdef'] : []),
      ];
      const service = pick(SERVICES).padEnd(8);
      lines.push(
        `${service}${' '.repeat(depth * 2)}${words.join(' ')}`.padEnd(160) +
          `${' '.repeat(start)}|${'-'.repeat(Math.floor(random() * 9))}|`,
      );
    }
    spans.push(...readDrawing(lines.join('\n'), { traceId: `${trace + 1}`.padStart(32, '0') }));
  }
  if (isPlain) return spans;
  const producers = spans.filter(({ kind }) => kind === SpanKind.producer);
  return spans.map((span, i) => {
    if (producers.length > 0 && random() < 0.15) return { ...span, links: [pick(producers), pick(producers)] };
    // Zipkin: the server half carries the id of the client half.
    const parent = spans.find(({ spanId, traceId }) => spanId === span.parentSpanId && traceId === span.traceId);
    const isLeaf = !spans.some(({ parentSpanId }) => parentSpanId === span.spanId);
    if (span.kind === SpanKind.server && parent?.kind === SpanKind.client && isLeaf && i % 2 === 0) {
      return { ...span, spanId: parent.spanId, parentSpanId: parent.parentSpanId };
    }
    return span;
  });
}
