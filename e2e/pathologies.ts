import { type SpanDraft, spanIdOf, traceIdOf } from '#e2e/otlp/json-trace.ts';

/** A trace with damage that real instrumentation produces, and what the page must make of it. */
export interface Pathology {
  readonly name: string;
  readonly spans: readonly SpanDraft[];
  /** Resource attributes that replace those of every service. */
  readonly resource?: Readonly<Record<string, unknown>>;
  /** Spans that the header counts; without it as many as were sent. */
  readonly count?: number;
  /** Rows in the waterfall once every group is open; without it as many as spans. */
  readonly rows?: number;
  /** A sentence among the findings. */
  readonly finding?: RegExp;
  /** Texts that the details of the span `look` hold; none of them may have become anything but text. */
  readonly look?: string;
  readonly texts?: readonly string[];
}

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const nested = (depth: number): unknown => {
  let value: unknown = 'innermost';
  for (let level = 1; level < depth; level++) value = level % 2 === 0 ? [value] : { in: value };
  return value;
};

const TREE: readonly Pathology[] = [
  { name: 'one span', spans: [{ id: 'only' }] },
  {
    name: 'no root: the parent of both is missing',
    spans: [
      { id: 'a', parent: 'lost' },
      { id: 'b', parent: 'lost' },
    ],
    rows: 3,
    finding: /2 spans name the parent [0-9a-f]{4}…, which is not here/,
  },
  {
    name: 'no root: fragments below several missing parents',
    spans: [
      { id: 'a', parent: 'lost', ms: 20 },
      { id: 'b', parent: 'a', at: 1 },
      { id: 'c', parent: 'lost too', at: 5, ms: 30 },
    ],
    rows: 6,
    finding: /2 missing parents, named by 2 spans/,
  },
  {
    name: 'missing parents inside',
    spans: [
      { id: 'root', ms: 50 },
      { id: 'x', parent: 'gone', at: 5 },
      { id: 'y', parent: 'x', at: 6 },
      { id: 'z', parent: 'gone too', at: 7 },
    ],
    rows: 6,
    finding: /2 missing parents, named by 2 spans/,
  },
  {
    name: 'several roots',
    spans: [{ id: 'first' }, { id: 'second', at: 20 }, { id: 'third', at: 40 }],
    finding: /3 roots/,
  },
  {
    name: 'a cycle of two below a root',
    spans: [
      { id: 'root', ms: 40 },
      { id: 'a', parent: 'b', at: 1 },
      { id: 'b', parent: 'a', at: 2 },
    ],
    finding: /1 parent cycle/,
  },
  {
    name: 'the whole trace a cycle of three',
    spans: [
      { id: 'a', parent: 'c' },
      { id: 'b', parent: 'a', at: 1 },
      { id: 'c', parent: 'b', at: 2 },
    ],
    finding: /1 parent cycle/,
  },
  {
    name: 'its own parent',
    spans: [
      { id: 'self', parent: 'self' },
      { id: 'child', parent: 'self', at: 1 },
    ],
    finding: /1 parent cycle/,
  },
  {
    name: 'links to its own ancestor, its child and itself',
    spans: ['up', 'middle', 'down'].map((id, i, ids) => ({
      id,
      ...(i > 0 && { parent: ids[i - 1]! }),
      at: i,
      ms: 10 - 2 * i,
      links: ids.map(to => ({
        traceId: traceIdOf('links to its own ancestor, its child and itself'),
        spanId: spanIdOf(to),
      })),
    })),
    look: 'middle',
    texts: ['links to', 'linked by'],
  },
  {
    name: 'client and server with one span id',
    spans: [
      { id: 'root', ms: 40 },
      { id: 'shared', parent: 'root', service: 'client', kind: 3, at: 2, ms: 30 },
      { id: 'shared', parent: 'root', service: 'server', kind: 2, at: 4, ms: 20 },
    ],
  },
  {
    name: 'the same span twice',
    spans: [{ id: 'root', ms: 40 }, ...many(2, () => ({ id: 'twice', parent: 'root', at: 3 }))],
    count: 2,
  },
  {
    name: 'one id, different content',
    spans: [
      { id: 'root', ms: 40 },
      { id: 'same', parent: 'root', name: 'one', at: 3 },
      { id: 'same', parent: 'root', name: 'other', at: 5 },
    ],
    finding: /2 spans that share their id with another/,
  },
  {
    name: 'a chain of 10,000',
    spans: many(10_000, i => ({
      id: `c${i}`,
      ...(i > 0 && { parent: `c${i - 1}` }),
      at: i / 1_000,
      ms: 100 - i / 1_000,
    })),
  },
  {
    name: '20,000 siblings, every second one alike',
    spans: [
      { id: 'root', ms: 1_000 },
      ...many(20_000, i => ({
        id: `s${i}`,
        parent: 'root',
        at: i / 40,
        ms: 0.02,
        name: i % 2 === 0 ? 'alike' : `step ${i}`,
      })),
    ],
    rows: 20_002,
    finding: /10,000 × same alike/,
  },
  { name: '5,000 services', spans: many(5_000, i => ({ id: `v${i}`, service: `service ${i}`, at: i / 100 })) },
  {
    name: 'no, empty and other than text as service name',
    spans: [{ id: 'root' }],
    resource: { 'service.name': 7 },
    finding: /1 span without a service name/,
  },
];

const TIME: readonly Pathology[] = [
  {
    name: 'a child outside its parent',
    spans: [
      { id: 'p', ms: 10 },
      { id: 'early', parent: 'p', at: -20 },
      { id: 'late', parent: 'p', at: 500, ms: 5 },
    ],
    finding: /2 spans outside their parents’ time/,
  },
  {
    name: 'a clock that is ahead',
    spans: [
      { id: 'root', ms: 100 },
      { id: 'call', parent: 'root', service: 'shop', kind: 3, at: 10, ms: 30 },
      { id: 'answer', parent: 'call', service: 'stock', kind: 2, at: 33, ms: 20 },
    ],
    finding: /Clock skew \+18\u00a0ms on stock, shown, not corrected/,
  },
  {
    name: 'no duration',
    spans: [
      { id: 'r', ms: 0 },
      { id: 'k', parent: 'r', ms: 0 },
    ],
    finding: /2 spans of no duration/,
  },
  {
    name: 'ends before it starts',
    spans: [
      { id: 'r', ms: 20 },
      { id: 'back', parent: 'r', at: 10, ms: -3 },
    ],
    finding: /1 span ends before it starts/,
  },
  {
    name: 'without timestamps',
    spans: [
      { id: 'r', ms: 20 },
      { id: 'timeless', parent: 'r', raw: { startTimeUnixNano: '0', endTimeUnixNano: '0' } },
      { id: 'unfinished', parent: 'r', at: 3, raw: { endTimeUnixNano: '0' } },
    ],
    finding: /without a timestamp/,
  },
  {
    name: 'one span ten years away',
    spans: [
      { id: 'r', ms: 20 },
      { id: 'far', parent: 'r', at: 3.15e11, ms: 1 },
    ],
    finding: /1 span far off the time scale/,
  },
  {
    name: 'gaps of a nanosecond',
    spans: [
      { id: 'r', ms: 0.0001 },
      ...many(5, i => ({ id: `n${i}`, parent: 'r', name: `n${i}`, at: i * 2e-6, ms: 1e-6 })),
    ],
  },
  {
    name: 'thirty days',
    spans: [
      { id: 'r', ms: 30 * 86_400_000 },
      { id: 'moment', parent: 'r', at: 15 * 86_400_000, ms: 0.001 },
    ],
  },
  {
    name: 'siblings that touch',
    spans: [{ id: 'r', ms: 30 }, ...many(3, i => ({ id: `t${i}`, parent: 'r', at: 10 * i, ms: 10 }))],
  },
  {
    name: 'events before, after and at no time',
    spans: [
      {
        id: 'r',
        ms: 20,
        events: [
          { name: 'before', at: -5 },
          { name: 'after', at: 900 },
          { name: 'never', at: -Date.now() + 60_000 },
        ],
      },
    ],
    look: 'r',
    texts: ['before', 'after', 'never'],
  },
];

const HOSTILE = '<img src=x onerror="alert(1)"><svg onload=alert(2)><script>alert(3)</script>';

const CONTENT: readonly Pathology[] = [
  {
    name: 'markup everywhere',
    spans: [
      {
        id: 'r',
        service: HOSTILE,
        name: HOSTILE,
        error: HOSTILE,
        attributes: { [HOSTILE]: HOSTILE },
        events: [
          { name: 'exception', at: 1, attributes: { 'exception.type': HOSTILE, 'exception.stacktrace': HOSTILE } },
        ],
        raw: { traceState: `k=${HOSTILE}` },
      },
    ],
    look: 'r',
    texts: [HOSTILE],
  },
  {
    name: 'addresses that are none',
    spans: [
      {
        id: 'r',
        attributes: {
          one: 'javascript:alert(1)',
          two: '\tjava\nscript:alert(2)',
          three: 'data:text/html,<script>alert(3)</script>',
          four: 'vbscript:x',
          five: 'https://user:secret@example.com/x',
        },
      },
    ],
    look: 'r',
    texts: ['javascript:alert(1)', 'vbscript:x'],
  },
  {
    name: 'names of the language',
    spans: [
      {
        id: 'r',
        name: '__proto__',
        service: 'constructor',
        raw: {
          attributes: ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(key => ({
            key,
            value: { stringValue: `value of ${key}` },
          })),
        },
      },
    ],
    look: 'r',
    texts: ['value of __proto__', 'value of hasOwnProperty'],
  },
  {
    name: 'kind 99 and status 7',
    spans: [{ id: 'r', kind: 99, raw: { status: { code: 7 } } }],
    look: 'r',
    texts: ['kind 99', 'status 7'],
  },
  { name: 'a name of 50 kB', spans: [{ id: 'r', name: 'n'.repeat(50_000) }] },
  {
    name: 'text of both directions',
    spans: [{ id: 'r', name: 'السعر \u202E gnp.exe', attributes: { كلمة: '\u2066x\u2069' } }],
    look: 'r',
    texts: ['⟨U+202E⟩'],
  },
  { name: 'control characters and emoji', spans: [{ id: 'r', name: '\u0000\u001b[31m 👩‍👩‍👧‍👦\ud83d' }] },
  {
    name: 'numbers at their ends, and one key with two types',
    spans: [
      {
        id: 'r',
        attributes: { most: 9_223_372_036_854_775_807n, none: Number.NaN, same: 1 },
        raw: {},
      },
      { id: 'k', parent: 'r', attributes: { same: '1' } },
    ],
    look: 'r',
    texts: ['9223372036854775807', 'NaN'],
  },
  {
    name: 'an attribute of 10 MB',
    spans: [{ id: 'r', attributes: { huge: 'x'.repeat(10_000_000), small: 'seen' } }],
    look: 'r',
    texts: ['huge', 'seen'],
  },
  {
    name: '10,000 attributes, 10,000 events, 1,000 links',
    spans: [
      {
        id: 'r',
        ms: 100,
        attributes: Object.fromEntries(many(10_000, i => [`key.${i}`, i])),
        events: many(10_000, i => ({ name: `event ${i}`, at: i / 100 })),
        links: many(1_000, i => ({ traceId: traceIdOf(`other ${i}`), spanId: spanIdOf(`other ${i}`) })),
      },
    ],
    look: 'r',
    texts: ['key.0', 'event 0', '10,000'],
  },
  {
    name: 'a value nested to the allowed depth, and a long list',
    spans: [{ id: 'r', attributes: { deep: nested(90), long: many(100_000, i => i) } }],
    look: 'r',
    texts: ['deep', 'long'],
  },
  {
    name: 'parts that the SDK dropped',
    spans: [
      {
        id: 'r',
        attributes: { kept: 1 },
        raw: { droppedAttributesCount: 12, droppedEventsCount: 3, droppedLinksCount: 2, flags: 0x301 },
      },
    ],
    look: 'r',
    texts: ['12 dropped by the SDK', 'parent in another process'],
  },
  {
    name: 'a parent in another process that did not keep it',
    spans: [{ id: 'r', parent: 'elsewhere', raw: { flags: 0x301 } }],
    rows: 2,
    look: 'r',
    texts: ['remote parent, not received'],
  },
  {
    name: 'a link to a trace that is not here',
    spans: [{ id: 'r', links: [{ traceId: traceIdOf('elsewhere'), spanId: spanIdOf('elsewhere') }] }],
    look: 'r',
    texts: ['links to'],
  },
];

export const PATHOLOGIES: Readonly<Record<'tree' | 'time' | 'content', readonly Pathology[]>> = {
  tree: TREE,
  time: TIME,
  content: CONTENT,
};
