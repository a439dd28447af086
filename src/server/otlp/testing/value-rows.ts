import { bytes, jsonRequest, number, protoRequest, protoSpan, type SpanJson, spanJson, text } from './requests.ts';
import { A, B, group, json, one, type Row, type Variant } from './row.ts';

/** A request of one span with the attribute `k`. Text, because JSON.stringify cannot write what most rows send. */
const attribute = (traceId: string, value: string) => withText(traceId, 'attributes', `[{"key":"k","value":${value}}]`);

/** A request of one span whose field has this JSON text. */
function withText(traceId: string, field: string, value: string): string {
  return json(one(traceId, { [field]: '@' })).replace('"@"', () => value);
}

/** AnyValue of arrays in arrays, `depth` deep around a string. */
function nestedJson(depth: number): string {
  return `${'{"arrayValue":{"values":['.repeat(depth)}{"stringValue":"x"}${']}}'.repeat(depth)}`;
}

function nestedProto(depth: number): number[] {
  let value = Uint8Array.from(text(1, 'x'));
  for (let i = 0; i < depth; i++) value = Uint8Array.from(wrap(5, wrap(1, value)));
  return [...value];
}

function wrap(field: number, content: Uint8Array): Uint8Array {
  const head = bytes(field, []).slice(0, -1);
  const size: number[] = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    size.push(rest > 127 ? (rest % 128) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Uint8Array.from([...head, ...size]), content]);
}

const good = { status: [200], spans: [A] } as const;
const bad = { status: [400] } as const;

const times: readonly Row[] = [
  ...group(51, 'json', good, id => [
    [
      'times as strings',
      json(one(id(0))),
      { back: { startTimeUnixNano: '1763632800000000001', endTimeUnixNano: '1763632800000000501' } },
    ],
  ]),
  ...group(52, 'json', good, id => [
    [
      'time as a JSON number beyond 2^53',
      withText(id(0), 'startTimeUnixNano', '1763632800000000001'),
      { back: { startTimeUnixNano: '1763632800000000001' } },
    ],
  ]),
  ...group(53, 'json', { status: [200, 400], back: { startTimeUnixNano: '1700000000000000000' } }, id => [
    ['exponent in a string', withText(id(0), 'startTimeUnixNano', '"1.7e18"')],
    ['exponent in a number', withText(id(1), 'startTimeUnixNano', '1.7e18')],
  ]),
  ...group(54, 'json', bad, id => [
    ['time -1', withText(id(0), 'startTimeUnixNano', '-1')],
    ['time "-1"', withText(id(1), 'startTimeUnixNano', '"-1"')],
    ['time 2^64', withText(id(2), 'startTimeUnixNano', '"18446744073709551616"')],
    ['time ""', withText(id(3), 'startTimeUnixNano', '""')],
  ]),
  ...group(55, 'json', good, id => [
    [
      'end 2^64-1',
      withText(id(0), 'endTimeUnixNano', '"18446744073709551615"'),
      { back: { endTimeUnixNano: '18446744073709551615' } },
    ],
  ]),
  ...group(56, 'json', good, id => [
    ['no times', json(one(id(0), { startTimeUnixNano: '0', endTimeUnixNano: '0' }))],
    ['end before start', json(one(id(1), { startTimeUnixNano: '9', endTimeUnixNano: '5' }))],
    ['1970', json(one(id(2), { startTimeUnixNano: '1', endTimeUnixNano: '2' }))],
    [
      'in ten years',
      json(one(id(3), { startTimeUnixNano: '2079251200000000000', endTimeUnixNano: '2079251200000000001' })),
    ],
  ]),
  ...group(57, 'json', good, id => [
    ['time null', withText(id(0), 'startTimeUnixNano', 'null'), { back: { startTimeUnixNano: undefined } }],
  ]),
];

const numbers: readonly Row[] = [
  ...group(58, 'json', good, id => [
    ['int "42"', attribute(id(0), '{"intValue":"42"}'), { value: { intValue: '42' } }],
    ['int 42', attribute(id(1), '{"intValue":42}'), { value: { intValue: '42' } }],
    [
      'int 2^63-1',
      attribute(id(2), '{"intValue":"9223372036854775807"}'),
      { value: { intValue: '9223372036854775807' } },
    ],
    [
      'int -2^63',
      attribute(id(3), '{"intValue":"-9223372036854775808"}'),
      { value: { intValue: '-9223372036854775808' } },
    ],
    [
      'int 2^53+1 as number',
      attribute(id(4), '{"intValue":9007199254740993}'),
      { value: { intValue: '9007199254740993' } },
    ],
  ]),
  ...group(59, 'json', bad, id => [
    ['int 2^63', attribute(id(0), '{"intValue":"9223372036854775808"}')],
    ['int 2^63 as number', attribute(id(1), '{"intValue":9223372036854775808}')],
  ]),
  ...group(60, 'json', good, id => [['int 1.0', attribute(id(0), '{"intValue":1.0}'), { value: { intValue: '1' } }]]),
  ...group(60, 'json', bad, id => [['int 1.5', attribute(id(1), '{"intValue":1.5}')]]),
  ...group(61, 'json', good, id => [
    ['double "NaN"', attribute(id(0), '{"doubleValue":"NaN"}'), { value: { doubleValue: 'NaN' } }],
    ['double "Infinity"', attribute(id(1), '{"doubleValue":"Infinity"}'), { value: { doubleValue: 'Infinity' } }],
    ['double "-Infinity"', attribute(id(2), '{"doubleValue":"-Infinity"}'), { value: { doubleValue: '-Infinity' } }],
    ['double "1.25"', attribute(id(3), '{"doubleValue":"1.25"}'), { value: { doubleValue: 1.25 } }],
    ['double 3', attribute(id(4), '{"doubleValue":3}'), { value: { doubleValue: 3 } }],
    ['double -0.0', attribute(id(5), '{"doubleValue":-0.0}'), { value: { doubleValue: -0 } }],
  ]),
  ...group(62, 'json', bad, id => [['bare NaN', attribute(id(0), '{"doubleValue":NaN}')]]),
  ...group(63, 'json', bad, id => [['double 1e999', attribute(id(0), '{"doubleValue":1e999}')]]),
  ...group(64, 'json', bad, id => [
    ['bool "true"', attribute(id(0), '{"boolValue":"true"}')],
    ['string 5', attribute(id(1), '{"stringValue":5}')],
  ]),
  ...group(65, 'json', good, id => [
    ['kind 99', json(one(id(0), { kind: 99 })), { back: { kind: 99 } }],
    ['kind -1', json(one(id(1), { kind: -1 })), { back: { kind: -1 } }],
    ['status code 7', json(one(id(2), { status: { code: 7 } })), { back: { status: { code: 7 } } }],
  ]),
  ...group(66, 'json', { status: [200, 400], back: { kind: 2 } }, id => [
    ['kind by name', json(one(id(0), { kind: 'SPAN_KIND_SERVER' }))],
    ['kind "2"', json(one(id(1), { kind: '2' }))],
  ]),
  ...group(67, 'json', good, id => [['kind null', json(one(id(0), { kind: null })), { back: { kind: undefined } }]]),
  ...group(68, 'json', good, id => [
    [
      'counts and flags of 32 bits',
      json(one(id(0), { flags: 4294967295, droppedAttributesCount: 4294967295, droppedEventsCount: 4294967295 })),
      { back: { flags: 4294967295, droppedAttributesCount: 4294967295, droppedEventsCount: 4294967295 } },
    ],
  ]),
];

const texts: readonly Row[] = [
  ...group(80, 'json', { status: [200, 400], value: { stringValue: '\ufffd' } }, id => [
    ['lone surrogate', attribute(id(0), '{"stringValue":"\\ud800"}')],
    ['raw byte that is not UTF-8', replaceByte(attribute(id(1), '{"stringValue":"@"}'))],
  ]),
  ...group(80, 'protobuf', { status: [200, 400] }, id => [
    ['name that is not UTF-8', protoRequest([[...protoSpan(id(2), A), ...bytes(5, [0xff])]])],
  ]),
  ...group(81, 'json', good, id =>
    ['a\0b', '\x01\x1f\x7f', 'abc\u202edef', '👩‍👩‍👧'].map(
      (name, at): Variant => [`name ${json(name)}`, json(one(id(at), { name })), { back: { name } }],
    ),
  ),
  ...group(82, 'json', good, id => [['no name', withText(id(0), 'name', 'null'), { back: { name: undefined } }]]),
];

const values: readonly Row[] = [
  ...group(69, 'json', { ...good, value: { bytesValue: '+/8=' } }, id => [
    ['base64', attribute(id(0), '{"bytesValue":"+/8="}')],
    ['base64url', attribute(id(1), '{"bytesValue":"-_8="}')],
    ['without padding', attribute(id(2), '{"bytesValue":"+/8"}')],
  ]),
  ...group(70, 'json', bad, id => [['not base64', attribute(id(0), '{"bytesValue":"%%%"}')]]),
  ...group(71, 'json', { ...good, value: {} }, id => [
    ['value {}', attribute(id(0), '{}')],
    ['value null', attribute(id(1), 'null'), { value: undefined }],
    ['no value', withText(id(2), 'attributes', '[{"key":"k"}]'), { value: undefined }],
    ['stringValue null', attribute(id(3), '{"stringValue":null}')],
  ]),
  ...group(72, 'json', good, id => [
    ...[
      '{"arrayValue":{"values":[{"intValue":"1"},{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}}]}}]}}',
    ].map((value): Variant => ['mixed array', attribute(id(0), value), { value: JSON.parse(value) }]),
    ['empty array', attribute(id(1), '{"arrayValue":{}}'), { value: { arrayValue: {} } }],
    ['values null', attribute(id(2), '{"arrayValue":{"values":null}}'), { value: { arrayValue: {} } }],
  ]),
  ...group(73, 'json', { status: [200, 400], value: { intValue: '1' } }, id => [
    ['two members of a oneof', attribute(id(0), '{"stringValue":"x","intValue":"1"}')],
  ]),
  ...group(74, 'json', { ...good, warns: true }, id => [
    ['string and key by index', withText(id(0), 'attributes', '[{"keyStrindex":3,"value":{"stringValueStrindex":2}}]')],
    ['string by index in an array', attribute(id(1), '{"arrayValue":{"values":[{"stringValueStrindex":0}]}}')],
  ]),
  ...group(74, 'protobuf', { ...good, warns: true }, id => [
    [
      'string and key by index',
      protoRequest([[...protoSpan(id(10), A), ...bytes(9, [...bytes(2, number(8, 2)), ...number(3, 3)])]]),
    ],
  ]),
  ...(['json', 'protobuf'] as const).flatMap(encoding => {
    const nested = (traceId: string, depth: number) =>
      encoding === 'json'
        ? attribute(traceId, nestedJson(depth))
        : protoRequest([[...protoSpan(traceId, A), ...bytes(9, [...text(1, 'k'), ...bytes(2, nestedProto(depth))])]]);
    const variant = encoding === 'json' ? 0 : 10;
    return [
      ...group(75, encoding, { ...good, value: JSON.parse(nestedJson(50)) }, id => [
        ['depth 50', nested(id(variant), 50)],
      ]),
      ...group(75, encoding, bad, id => [
        ['depth 1,000', nested(id(variant + 1), 1000)],
        ['depth 20,000', nested(id(variant + 2), 20_000)],
      ]),
    ];
  }),
  ...group(76, 'json', good, id => [
    [
      'a key twice',
      withText(id(0), 'attributes', '[{"key":"k","value":{"intValue":"1"}},{"key":"k","value":{"intValue":"2"}}]'),
      {
        back: {
          attributes: [
            { key: 'k', value: { intValue: '1' } },
            { key: 'k', value: { intValue: '2' } },
          ],
        },
      },
    ],
  ]),
  ...group(77, 'json', good, id =>
    ['', '__proto__', 'constructor', 'x'.repeat(65_536)].map(
      (key, at): Variant => [
        `key ${json(key.slice(0, 12))} of ${key.length}`,
        withText(id(at), 'attributes', `[{"key":${json(key)},"value":{"boolValue":true}}]`),
        { back: { attributes: [{ ...(key === '' ? {} : { key }), value: { boolValue: true } }] } },
      ],
    ),
  ),
  ...group(78, 'json', good, id => [['attributes null', withText(id(0), 'attributes', 'null')]]),
  ...group(78, 'json', bad, id => [['attributes {}', withText(id(1), 'attributes', '{"k":"v"}')]]),
  ...group(79, 'json', good, id => [
    ...[1, 10].map((mega, at): Variant => {
      const stringValue = 'é€x'.repeat((mega * 2 ** 20) / 6);
      return [`value of ${mega} MB`, attribute(id(at), json({ stringValue })), { value: { stringValue } }];
    }),
    ...many(id(2), 'attributes', i => ({ key: `k${i}`, value: { intValue: String(i) } })),
    ...many(id(3), 'events', i => ({ timeUnixNano: String(i + 1), name: `e${i}` })),
  ]),
  ...group(83, 'json', { status: [200] }, id => [
    ['own parent', json(one(id(0), { parentSpanId: A })), { spans: [A] }],
    [
      'parents in a circle',
      json(
        jsonRequest([
          spanJson({ traceId: id(1), spanId: A, parentSpanId: B }),
          spanJson({ traceId: id(1), spanId: B, parentSpanId: A }),
        ]),
      ),
      { spans: [A, B] },
    ],
    ['event before the start', json(one(id(2), { events: [{ timeUnixNano: '1', name: 'early' }] })), { spans: [A] }],
    [
      'link to an unknown trace',
      json(one(id(3), { links: [{ traceId: 'ef'.repeat(16), spanId: B }] })),
      { spans: [A] },
    ],
  ]),
];

function many(traceId: string, field: 'attributes' | 'events', make: (i: number) => SpanJson): Variant[] {
  const all = Array.from({ length: 10_000 }, (_, i) => make(i));
  return [[`10,000 ${field}`, json(one(traceId, { [field]: all })), { back: { [field]: all } }]];
}

function replaceByte(body: string): Uint8Array {
  const raw = Buffer.from(body);
  raw[raw.indexOf('@')] = 0xff;
  return raw;
}

/** Field 6 twice: the last one counts, as protobuf has it. */
const repeated: readonly Row[] = group(65, 'protobuf', good, id => [
  ['kind twice', protoRequest([[...protoSpan(id(20), A), ...number(6, 5)]]), { back: { kind: 5 } }],
]);

/** Sections D (time and numbers) and E (values). */
export const valueRows: readonly Row[] = [...times, ...numbers, ...repeated, ...values, ...texts];
