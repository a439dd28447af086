import { bytes, jsonRequest, number, protoRequest, protoSpan, type SpanJson, spanJson, varint } from './requests.ts';
import { A, B, group, json, one, type Row, type Variant } from './row.ts';

const envelope: readonly Row[] = [
  ...group(23, 'json', { status: [200], spans: [] }, () => [
    ['{}', '{}'],
    ['resourceSpans: []', '{"resourceSpans":[]}'],
    ['resourceSpans: null', '{"resourceSpans":null}'],
    ['empty spans', json(jsonRequest([]))],
  ]),
  ...group(24, 'json', { status: [400, 200] }, () => [['top-level null', 'null']]),
  ...group(25, 'json', { status: [400] }, () => [
    ['array', '[]'],
    ['string', '"x"'],
    ['number', '1'],
  ]),
  ...group(26, 'json', { status: [400] }, id => [['truncated JSON', json(one(id(0))).slice(0, -7)]]),
  ...group(26, 'protobuf', { status: [400] }, id => [
    ['truncated protobuf', protoRequest([protoSpan(id(0), A)]).slice(0, -3)],
  ]),
  ...group(27, 'json', { status: [200, 400] }, id => [['byte order mark', `\ufeff${json(one(id(0)))}`]]),
  ...group(28, 'json', { status: [400] }, id => [['protobuf under JSON', protoRequest([protoSpan(id(0), A)])]]),
  ...group(29, 'protobuf', { status: [400] }, id => [['JSON under protobuf', json(one(id(0)))]]),
  ...group(30, 'json', { status: [400] }, id => [['text after the end', `${json(one(id(0)))}xyz`]]),
  ...group(31, 'json', { status: [200, 400] }, id => [
    ['member twice', json(one(id(0))).replace('"name":', '"name":"first","name":')],
  ]),
  ...group(32, 'json', { status: [200], spans: [A] }, id => [
    [
      'unknown members',
      json({ ...one(id(0), { unknown: { deep: [null, { x: 1 }] }, also: null }), more: [1, 'two', null, true] }),
    ],
  ]),
  ...group(33, 'json', { status: [200], spans: [A] }, id => [['member ""', json(one(id(0), { '': { x: 1 } }))]]),
  ...group(34, 'json', { status: [200], spans: [A] }, id => [
    [
      'member __proto__',
      json(one(id(0)))
        .replaceAll('"name":', '"__proto__":{"x":1},"name":')
        .replace('{', '{"__proto__":{"x":1},'),
    ],
  ]),
  ...group(35, 'json', { status: [200] }, id => [
    ['one snake_case name', json(one(id(0))).replace('resourceSpans', 'resource_spans'), { warns: true }],
    [
      'snake_case throughout',
      json(one(id(1))).replace(/(?<=[a-z])[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      { warns: true },
    ],
    [
      'one group of two in snake_case',
      json({ resourceSpans: [...one(id(2)).resourceSpans, { scope_spans: [] }] }),
      { spans: [A], warns: true },
    ],
    ['a field of a span in snake_case', json(one(id(3), { parent_span_id: B })), { spans: [A], warns: true }],
    [
      'a value in snake_case',
      json(one(id(4), { attributes: [{ key: 'k', value: { string_value: 'x' } }] })),
      { spans: [A], warns: true },
    ],
  ]),
  ...group(36, 'protobuf', { status: [200], spans: [A] }, id => [
    ['unknown field 999', protoRequest([[...protoSpan(id(0), A), ...bytes(999, [1, 2, 3]), ...number(998, 7)]])],
    [
      'unknown group',
      protoRequest([[...protoSpan(id(1), A), ...varint((999 << 3) | 3), ...number(1, 5), ...varint((999 << 3) | 4)]]),
    ],
  ]),
  ...group(37, 'protobuf', { status: [400] }, id => [
    ['name as varint', protoRequest([[...protoSpan(id(0), A), ...number(5, 1)]])],
    ['kind as bytes', protoRequest([[...protoSpan(id(1), A), ...bytes(6, [1])]])],
    ['resource spans as varint', Uint8Array.from(number(1, 1))],
  ]),
  ...group(38, 'protobuf', { status: [400] }, id => [
    ['varint of 11 bytes', protoRequest([[...protoSpan(id(0), A), 0x30, ...Array(10).fill(0xff), 0x01]])],
    ['length beyond the end', Uint8Array.from([0x0a, 0x7f, 0x00])],
    ['length of 2 GiB', Uint8Array.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07])],
    ['field 0', protoRequest([[...protoSpan(id(2), A), 0x02, 0x00]])],
    ['unclosed group', protoRequest([[...protoSpan(id(3), A), ...varint((999 << 3) | 3)]])],
  ]),
  ...group(39, 'json', { status: [200], spans: [A] }, id => [
    ['no resource', json(without(one(id(0)), 'resource'))],
    ['no scope', json(without(one(id(1)), 'scope'))],
    ['neither', json(without(one(id(2)), 'resource', 'scope'))],
  ]),
  ...group(40, 'json', { status: [200], spans: [], warns: true }, id => [
    ['instrumentationLibrarySpans', json(one(id(0))).replace('scopeSpans', 'instrumentationLibrarySpans')],
    [
      'instrumentationLibrarySpans beside scopeSpans',
      json({ resourceSpans: [...one(id(1)).resourceSpans, { instrumentationLibrarySpans: [] }] }),
      { spans: [A] },
    ],
  ]),
  ...group(40, 'protobuf', { status: [200], spans: [], warns: true }, id => [
    ['field 1000 of ResourceSpans', Uint8Array.from(bytes(1, bytes(1000, bytes(2, protoSpan(id(10), A)))))],
  ]),
];

/** Beside a good span the bad one is left out and counted; alone it makes the request invalid. */
function badIds(
  row: number,
  encoding: Row['encoding'],
  bad: readonly (readonly [what: string, span: (good: string) => unknown])[],
): Row[] {
  const request = (spans: readonly unknown[]) =>
    encoding === 'json' ? json(jsonRequest(spans as SpanJson[])) : protoRequest(spans as number[][]);
  const good = (traceId: string) => (encoding === 'json' ? spanJson({ traceId, spanId: B }) : protoSpan(traceId, B));
  return group(row, encoding, { status: [200] }, id =>
    bad.flatMap(([what, span], at): Variant[] => {
      const beside = id(at * 2 + (encoding === 'json' ? 0 : 100));
      const alone = id(at * 2 + 1 + (encoding === 'json' ? 0 : 100));
      return [
        [
          `${what}, beside a good span`,
          request([span(beside), good(beside)]),
          { rejectedSpans: 1, spans: [B], warns: true },
        ],
        [`${what}, alone`, request([span(alone)]), { status: [400] }],
      ];
    }),
  );
}

const ids: readonly Row[] = [
  ...group(41, 'json', { status: [200], spans: [A] }, id => [
    ['upper-case ids', json(one(id(0).toUpperCase(), { spanId: A.toUpperCase() }))],
    ['mixed case', json(one(`${id(1).slice(0, 9).toUpperCase()}${id(1).slice(9)}`))],
  ]),
  ...badIds(42, 'json', [
    ['traceId of 31 digits', id => spanJson({ traceId: id.slice(1), spanId: A })],
    ['traceId of 34 digits', id => spanJson({ traceId: `${id}ab`, spanId: A })],
    ['traceId of 16 digits', id => spanJson({ traceId: id.slice(16), spanId: A })],
    ['traceId in base64', id => spanJson({ traceId: Buffer.from(id, 'hex').toString('base64'), spanId: A })],
    ['traceId not hexadecimal', id => spanJson({ traceId: `${id.slice(1)}g`, spanId: A })],
    ['traceId with 0x', id => spanJson({ traceId: `0x${id.slice(2)}`, spanId: A })],
    ['traceId empty', () => spanJson({ traceId: '', spanId: A })],
    ['traceId absent', () => spanJson({ traceId: undefined, spanId: A })],
    ['traceId zeros', () => spanJson({ traceId: '0'.repeat(32), spanId: A })],
  ]),
  ...group(43, 'json', { status: [200, 400] }, id => [
    [
      'traceId a number',
      json(jsonRequest([spanJson({ traceId: 5, spanId: A }), spanJson({ traceId: id(0), spanId: B })])),
    ],
  ]),
  ...badIds(44, 'json', [
    ['spanId zeros', id => spanJson({ traceId: id, spanId: '0'.repeat(16) })],
    ['spanId empty', id => spanJson({ traceId: id, spanId: '' })],
    ['spanId of 32 digits', id => spanJson({ traceId: id, spanId: id })],
  ]),
  ...badIds(45, 'protobuf', [
    ['trace_id of 8 bytes', id => protoSpan(id.slice(16), A)],
    ['trace_id zeros', () => protoSpan('0'.repeat(32), A)],
    ['trace_id absent', () => protoSpan('', A)],
    ['span_id zeros', id => protoSpan(id, '0'.repeat(16))],
  ]),
  ...(['json', 'protobuf'] as const).flatMap((encoding, variant) =>
    group(46, encoding, { status: [200], rejectedSpans: 1, warns: true }, id => {
      const good = Array.from({ length: 9 }, (_, i) => `bbbbbbbbbbbbbb0${i + 1}`);
      const spanIds = [...good.slice(0, 4), '0'.repeat(16), ...good.slice(4)];
      const body =
        encoding === 'json'
          ? json(jsonRequest(spanIds.map(spanId => spanJson({ traceId: id(variant), spanId }))))
          : protoRequest(spanIds.map(spanId => protoSpan(id(variant), spanId)));
      return [['9 good spans and one zero span id', body, { spans: good }]];
    }),
  ),
  ...group(47, 'json', { status: [200], spans: [A], parentSpanId: '' }, id => [
    ['parentSpanId empty', json(one(id(0), { parentSpanId: '' }))],
    ['parentSpanId null', json(one(id(1), { parentSpanId: null }))],
    ['parentSpanId zeros', json(one(id(2), { parentSpanId: '0'.repeat(16) })), { parentSpanId: '0'.repeat(16) }],
    ['parentSpanId absent', json(one(id(3)))],
  ]),
  ...group(48, 'json', { status: [200] }, id => [
    [
      'parentSpanId of 8 digits',
      json(
        jsonRequest([
          spanJson({ traceId: id(0), spanId: A, parentSpanId: 'aabbccdd' }),
          spanJson({ traceId: id(0), spanId: B }),
        ]),
      ),
      { warns: true },
    ],
  ]),
  ...group(49, 'json', { status: [200], spans: [A], warns: true }, id => [
    ['link with ids of the wrong length', json(one(id(0), { links: [{ traceId: 'abcd', spanId: 'ef' }] }))],
    ['link with zero ids', json(one(id(1), { links: [{ traceId: '0'.repeat(32), spanId: '0'.repeat(16) }] }))],
  ]),
];

/** Sections B (envelope) and C (ids). */
export const envelopeRows: readonly Row[] = [...envelope, ...ids];

function without(request: ReturnType<typeof jsonRequest>, ...names: readonly ('resource' | 'scope')[]): unknown {
  return JSON.parse(json(request), (key, value) => (names.includes(key as 'resource') ? undefined : value));
}
