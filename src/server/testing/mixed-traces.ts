import type { TempoServer } from './tempo-fixture.ts';

/** Unix ns from which the traces of `ingestMixedTraces` count. */
export const MIXED_BASE_NS = 1_790_000_000_000_000_000n;
export const MIXED_TRACES = 24;

type AnyValue = Record<string, unknown>;

/** Values of every type that attributes can have, some of them alike across types. */
const VALUES: readonly (AnyValue | undefined)[] = [
  undefined,
  { stringValue: 'x' },
  { stringValue: 'y' },
  { stringValue: '5' },
  { stringValue: '' },
  { intValue: '5' },
  { intValue: '-3' },
  { intValue: '9007199254740993' },
  { doubleValue: 5 },
  { doubleValue: 1.5 },
  { boolValue: true },
  { boolValue: false },
  { arrayValue: { values: [{ stringValue: 'x' }, { stringValue: 'z' }] } },
  { arrayValue: { values: [{ intValue: '5' }, { intValue: '6' }] } },
  { arrayValue: { values: [] } },
  { kvlistValue: { values: [{ key: 'x', value: { intValue: '5' } }] } },
  { bytesValue: 'AAEC' },
  {},
];

/**
 * Stores 24 small traces of all kinds: orphans, two roots, no root, several services, events, links, baggage on one span
 * only, a redelivered span, a long trace, spans that start together; every third trace is spread over two segments.
 */
export async function ingestMixedTraces(server: TempoServer): Promise<void> {
  const random = seeded(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const live: unknown[] = [];
  const other: unknown[] = [];
  for (let t = 0; t < MIXED_TRACES; t++) {
    const traceId = `${(t + 1).toString(16).padStart(4, '0')}${'c0ffee'.repeat(4)}abcd`;
    const count = 1 + Math.floor(random() * 7);
    const startMs = t * 700 - (t % 5) * 900 + 5_000;
    for (let s = 0; s < count; s++) {
      const parent = s === 0 ? (t % 7 === 3 ? 'ffffffffffffff00' : undefined) : spanId(t, Math.floor(random() * s));
      const parentSpanId = s > 0 && t % 6 === 5 && s === count - 1 ? undefined : parent;
      const fromNs = MIXED_BASE_NS + BigInt(startMs + s * 3) * 1_000_000n;
      const lengthMs = t === 11 && s === 0 ? 9_000 : [0, 1, 40, 250][Math.floor(random() * 4)];
      const attributes = ['a', 'b', 'http.route', 'peer.service', 'shared'].flatMap(key =>
        attribute(key, pick(VALUES)),
      );
      if (s === 0 && t % 2 === 0)
        attributes.push({ key: 'tenant.id', value: { stringValue: pick(['acme', 'globex']) } });
      const span = {
        traceId,
        spanId: spanId(t, s),
        ...(parentSpanId && { parentSpanId }),
        name: pick(['GET /', 'SELECT', 'work', '']),
        kind: Math.floor(random() * 6),
        startTimeUnixNano: String(fromNs),
        endTimeUnixNano: String(fromNs + BigInt(lengthMs) * 1_000_000n),
        attributes,
        status: pick([{}, { code: 1 }, { code: 2, message: 'boom' }]),
        events: Array.from({ length: Math.floor(random() * 3) }, (_, e) => ({
          name: pick(['exception', 'retry']),
          timeUnixNano: String(fromNs + BigInt(e)),
          attributes: ['a', 'n'].flatMap(key => attribute(key, pick(VALUES))),
        })),
        links:
          random() < 0.3
            ? [{ traceId: `${'0'.repeat(30)}ab`, spanId: spanId(t, 0), attributes: attribute('rel', pick(VALUES)) }]
            : [],
      };
      const service = pick(['cart', 'pay', '', undefined]);
      const resource = {
        attributes: [
          ...attribute('service.name', service === undefined ? undefined : { stringValue: service }),
          ...attribute('shared', pick(VALUES)),
          ...attribute('zone', pick(VALUES)),
        ],
      };
      const scope = pick([
        { name: 'lib', version: '1' },
        { name: 'lib2', attributes: attribute('a', pick(VALUES)) },
        undefined,
      ]);
      const scopeSpans = [{ ...(scope && { scope }), spans: s === 0 && t % 4 === 0 ? [span, span] : [span] }];
      (t % 3 === 0 && s % 2 === 1 ? other : live).push({ resource, scopeSpans });
    }
  }
  await server.ingest(live);
  // A second segment: sample data has its own.
  const body = new TextEncoder().encode(JSON.stringify({ resourceSpans: other }));
  await server.store.ingest(body, 'json', { sample: true });
}

function attribute(key: string, value: AnyValue | undefined): { key: string; value: AnyValue }[] {
  return value === undefined ? [] : [{ key, value }];
}

function spanId(trace: number, span: number): string {
  return `${(trace + 1).toString(16).padStart(4, '0')}00000000${(span + 1).toString(16).padStart(4, '0')}`;
}

/** Park and Miller's generator: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
