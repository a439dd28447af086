import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TraceId } from '#domain/ids.ts';
import { rowsAsText } from '#domain/testing/draw-trace.ts';
import { SpanFlag } from '#domain/trace/trace-table.ts';
import { decodeTrace } from './decode-trace.ts';
import { otlpJsonToProto, transcodeOtlpJson } from './otlp-json.ts';
import { protoToOtlpJson } from './otlp-to-json.ts';

const utf8 = new TextEncoder();
const ID = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

/** One span with these members (JSON text), through protobuf and back to an object. */
function throughProto(members: string): Record<string, unknown> {
  const result = otlpJsonToProto(utf8.encode(`{"resourceSpans":[{"scopeSpans":[{"spans":[${members}]}]}]}`));
  if (!result.ok) throw new Error(result.error.message);
  const json = JSON.parse(protoToOtlpJson(result.value));
  return json.resourceSpans[0].scopeSpans[0].spans[0];
}

const attribute = (value: string) => throughProto(`{"attributes":[{"key":"k","value":${value}}]}`).attributes;
const valued = (value: unknown) => [{ key: 'k', value }];

function errorOf(text: string | Uint8Array): string | undefined {
  const result = otlpJsonToProto(typeof text === 'string' ? utf8.encode(text) : text);
  return result.ok ? undefined : result.error.message;
}

const spanError = (members: string) => errorOf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{},${members}]}]}]}`);
const AT = 'resourceSpans[0].scopeSpans[0].spans[1]';

describe('envelope', () => {
  it('takes empty requests, a byte order mark, unknown members, missing parts', () => {
    for (const text of [
      '{}',
      ' {"resourceSpans":[]}\n',
      '{"resourceSpans":null}',
      '{"resourceSpans":[{}]}',
      '\ufeff{}',
    ]) {
      expect(errorOf(text), text).toBeUndefined();
    }
    expect(throughProto('{"name":"x","new":{"a":[1,{"b":null}],"":[]},"":1,"z":null,"y":[]}')).toEqual({ name: 'x' });
  });

  it('refuses what is no object, is cut off, or goes on', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '"x"',
      '1',
      '{"resourceSpans":[{}',
      '{} xyz',
      '{"a":1,}',
      '{a:1}',
      "{'a':1}",
      '{"a":tru}',
    ]) {
      expect(errorOf(text), text).toBeTypeOf('string');
    }
    expect(errorOf(Uint8Array.of(0x0a, 0x02, 0xff, 0xfe))).toBeTypeOf('string');
    expect(errorOf('{"resourceSpans":{}}')).toBe('resourceSpans: expected "["');
    expect(errorOf('{"resourceSpans":[null]}')).toBe('resourceSpans[0]: expected a value, not null');
  });

  it('names members that could have held spans', () => {
    const text =
      '{"resource_spans":[],"resourceSpans":[{"instrumentationLibrarySpans":[],"scopeSpans":[{"spans":[{"what":1}]}]}]}';
    const result = transcodeOtlpJson(utf8.encode(text));
    expect(result.ok && result.value.unknownMembers).toEqual(['resource_spans', 'instrumentationLibrarySpans']);
  });

  it('refuses a member that occurs twice', () => {
    expect(spanError('{"name":"a","name":"b"}')).toBe(`${AT}.name: the member occurs twice`);
  });

  it('reads __proto__ as any unknown member', () => {
    expect(throughProto('{"__proto__":{"x":1},"constructor":{"prototype":{}},"name":"n"}')).toEqual({ name: 'n' });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('passes over deep unknown members without recursion', () => {
    expect(throughProto(`{"name":"n","deep":${'['.repeat(9_000)}${']'.repeat(9_000)}}`)).toEqual({ name: 'n' });
    expect(errorOf(`{"deep":${'['.repeat(1_000_000)}`)).toContain('nests too deep');
  });
});

describe('ids', () => {
  it('are hex of either case', () => {
    const { traceId, spanId } = ID;
    expect(throughProto(JSON.stringify({ traceId: traceId.toUpperCase(), spanId: 'B7ad6B7169203331' }))).toEqual({
      traceId,
      spanId,
    });
  });

  it('of a wrong length stay of a wrong length', () => {
    expect(throughProto('{"traceId":"0af7651916cd43dd","spanId":"0102"}')).toEqual({
      traceId: '0af7651916cd43dd',
      spanId: '0102',
    });
  });

  it('that are no hex become one byte, which no id is', () => {
    for (const id of ['"CvdlGRbNQ92ESOshHIAxnA=="', '"0x7651916cd43dd8448eb211c80319c12"', '"abc"', '5', 'true']) {
      expect(throughProto(`{"traceId":${id},"parentSpanId":${id}}`), id).toEqual({ traceId: '00', parentSpanId: '00' });
    }
    expect(spanError('{"traceId":{}}')).toBe(`${AT}.traceId: expected a string of hex digits`);
  });

  it('that are empty or null are absent', () => {
    expect(throughProto('{"parentSpanId":"","spanId":null}')).toEqual({});
  });
});

describe('times and numbers', () => {
  it('keep all 64 bits, as string or as number', () => {
    for (const time of ['"1763632800000000001"', '1763632800000000001']) {
      expect(throughProto(`{"startTimeUnixNano":${time}}`)).toEqual({ startTimeUnixNano: '1763632800000000001' });
    }
    expect(throughProto('{"endTimeUnixNano":"18446744073709551615"}')).toEqual({
      endTimeUnixNano: '18446744073709551615',
    });
    expect(throughProto('{"startTimeUnixNano":1.7e18,"endTimeUnixNano":"1.7e18"}')).toEqual({
      startTimeUnixNano: '1700000000000000000',
      endTimeUnixNano: '1700000000000000000',
    });
    expect(throughProto('{"startTimeUnixNano":null}')).toEqual({});
  });

  it('out of range or of another type fail with the place', () => {
    for (const time of ['-1', '18446744073709551616', '""', '"x"', '1.5', '1e999999', 'true', '{}']) {
      expect(spanError(`{"startTimeUnixNano":${time}}`), time).toMatch(`${AT}.startTimeUnixNano: expected `);
    }
    expect(spanError('{"startTimeUnixNano":01}')).toContain('not a number');
  });

  it('of attributes are exact', () => {
    for (const int of ['42', '-9223372036854775808', '9223372036854775807', '9007199254740993']) {
      expect(attribute(`{"intValue":"${int}"}`)).toEqual(valued({ intValue: int }));
      expect(attribute(`{"intValue":${int}}`)).toEqual(valued({ intValue: int }));
    }
    expect(attribute('{"intValue":1.0}')).toEqual(valued({ intValue: '1' }));
    expect(spanError('{"attributes":[{"value":{"intValue":9223372036854775808}}]}')).toContain(
      'attributes[0].value.intValue: expected an integer',
    );
    expect(spanError('{"attributes":[{"value":{"intValue":1.5}}]}')).toContain('expected an integer');
  });

  it('of doubles know what JSON does not', () => {
    for (const text of ['"NaN"', '"Infinity"', '"-Infinity"', '3', '1.25', '5e-324']) {
      expect(attribute(`{"doubleValue":${text}}`)).toEqual(valued({ doubleValue: JSON.parse(text) }));
    }
    expect(attribute('{"doubleValue":"1.25"}')).toEqual(valued({ doubleValue: 1.25 }));
    expect(
      Object.is((attribute('{"doubleValue":-0.0}') as [{ value: { doubleValue: number } }])[0].value.doubleValue, -0),
    ).toBe(true);
    for (const text of ['NaN', '1e999', '"1e999"', '"0x10"', 'true']) {
      expect(spanError(`{"attributes":[{"value":{"doubleValue":${text}}}]}`), text).toBeTypeOf('string');
    }
  });

  it('of enums may be numbers, strings of numbers, names, or unknown', () => {
    const kinds = ['2', '"2"', '"SPAN_KIND_SERVER"', '99', '-1', 'null', '0'].map(
      kind => throughProto(`{"kind":${kind}}`).kind,
    );
    expect(kinds).toEqual([2, 2, 2, 99, -1, undefined, undefined]);
    expect(throughProto('{"status":{"code":"STATUS_CODE_ERROR"}}')).toEqual({ status: { code: 2 } });
    expect(spanError('{"kind":"SERVER"}')).toMatch(`${AT}.kind: expected a number or one of SPAN_KIND_UNSPECIFIED`);
  });

  it('of flags and dropped counts are unsigned', () => {
    const members = {
      flags: 4294967295,
      droppedAttributesCount: 4294967295,
      droppedEventsCount: 1,
      droppedLinksCount: 2,
    };
    expect(throughProto(JSON.stringify(members))).toEqual(members);
    expect(spanError('{"flags":-1}')).toContain('flags: expected an integer');
  });
});

describe('values', () => {
  it('take base64 of both alphabets, padded or not', () => {
    for (const text of ['+/+/AA==', '-_-_AA==', '-_-_AA', '+/+/AA']) {
      expect(attribute(`{"bytesValue":"${text}"}`), text).toEqual(valued({ bytesValue: '+/+/AA==' }));
    }
    expect(attribute('{"bytesValue":""}')).toEqual(valued({ bytesValue: '' }));
    for (const text of ['%%%', 'A', 'AA=', 'A===']) {
      expect(spanError(`{"attributes":[{"value":{"bytesValue":"${text}"}}]}`), text).toContain('expected base64');
    }
  });

  it('may be empty, null or missing, and the key stays', () => {
    for (const value of ['{}', '{"stringValue":null}']) expect(attribute(value)).toEqual(valued({}));
    expect(attribute('null')).toEqual([{ key: 'k' }]);
    expect(throughProto('{"attributes":[{"key":"k"}]}')).toEqual({ attributes: [{ key: 'k' }] });
    expect(throughProto('{"attributes":null}')).toEqual({});
    expect(spanError('{"attributes":{}}')).toContain('attributes: expected "["');
  });

  it('nest', () => {
    const value = {
      arrayValue: {
        values: [
          { stringValue: '' },
          { kvlistValue: { values: [{ key: '__proto__', value: { boolValue: false } }] } },
          { arrayValue: {} },
        ],
      },
    };
    expect(JSON.stringify(attribute(JSON.stringify(value)))).toBe(JSON.stringify(valued(value)));
    expect(attribute('{"arrayValue":{"values":null}}')).toEqual(valued({ arrayValue: {} }));
    const deep = (depth: number) =>
      `${'{"arrayValue":{"values":['.repeat(depth - 1)}{"intValue":1}${']}}'.repeat(depth - 1)}`;
    expect(spanError(`{"attributes":[{"value":${deep(100)}}]}`)).toBeUndefined();
    for (const depth of [101, 1_000, 20_000]) {
      expect(spanError(`{"attributes":[{"value":${deep(depth)}}]}`)).toContain('the value nests more than 100 deep');
    }
  });

  it('take the last of two members of a oneof', () => {
    expect(attribute('{"stringValue":"a","intValue":1}')).toEqual(valued({ intValue: '1' }));
  });

  it('do not change type', () => {
    expect(spanError('{"attributes":[{"value":{"boolValue":"true"}}]}')).toContain('expected true or false');
    expect(spanError('{"attributes":[{"value":{"stringValue":5}}]}')).toContain('expected a string');
  });
});

describe('strings', () => {
  const nameOf = (text: string) => throughProto(`{"name":"${text}"}`).name;

  it('decode their escapes', () => {
    expect(nameOf('\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\u20AC\\ud83d\\ude00é€😀')).toBe(
      '"\\/\b\f\n\r\t\u0000é€😀é€😀',
    );
    expect(nameOf('\u202e<script>\u200d')).toBe('\u202e<script>\u200d');
  });

  it('replace half a surrogate pair', () => {
    expect(nameOf('a\\ud800b\\udc00')).toBe('a\ufffdb\ufffd');
    expect(nameOf('\\ud800\\ud83d\\ude00')).toBe('\ufffd😀');
  });

  it('refuse raw control characters and bad escapes', () => {
    for (const text of ['a\nb', 'a\\x41', '\\u12g4', '\\u+123', '\\'])
      expect(spanError(`{"name":"${text}"}`), text).toBeTypeOf('string');
  });
});

describe('Jaeger’s upload example', () => {
  const file = join(
    import.meta.dirname,
    '..',
    '..',
    '..',
    '..',
    'shared',
    'conformance',
    'jaeger',
    'otlp2jaeger-in.json',
  );

  it.skipIf(!existsSync(file))('is one orphan, received twice', () => {
    const bytes = otlpJsonToProto(readFileSync(file));
    const table = bytes.ok ? decodeTrace('83a9efd15c1c98a977e0711cc93ee28b' as TraceId, bytes.value) : undefined;
    if (!table?.ok) throw new Error('not decoded');
    expect(rowsAsText(table.value)).toEqual(['okey-dokey-0']);
    expect(table.value.flags[0]).toBe(SpanFlag.orphan | SpanFlag.repeated);
    expect(table.value.damage).toMatchObject({ identicalDuplicates: 1, orphans: 1, missingParents: 1 });
    expect(table.value.resources).toMatchObject([{ serviceName: 'telemetrygen' }]);
    expect(table.value.baseUnixNano).toBe(1706678909209712000n);
  });
});

describe('Tempo’s JSON', () => {
  it('has ids in base64, enums by name, and always a status', () => {
    const bytes = otlpJsonToProto(
      utf8.encode(
        `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${ID.traceId}","kind":2},{"status":{"code":2}}]}]}]}`,
      ),
    );
    if (!bytes.ok) throw new Error(bytes.error.message);
    expect(JSON.parse(protoToOtlpJson(bytes.value, { style: 'tempo' })).resourceSpans[0].scopeSpans[0].spans).toEqual([
      { traceId: Buffer.from(ID.traceId, 'hex').toString('base64'), kind: 'SPAN_KIND_SERVER', status: {} },
      { status: { code: 'STATUS_CODE_ERROR' } },
    ]);
  });
});
