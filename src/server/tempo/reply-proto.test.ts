import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProtobufReader, WireType } from '#decoding/otlp/protobuf-reader.ts';
import { ingestMixedTraces, MIXED_BASE_NS } from '#server/testing/mixed-traces.ts';
import { type TempoServer, tempoServer } from '#server/testing/tempo-fixture.ts';

/** A body of JSON. */
// biome-ignore lint/suspicious/noExplicitAny: its shape is what is tested
type Json = any;

let server: TempoServer;
beforeAll(async () => {
  server = await tempoServer();
  await ingestMixedTraces(server);
});
afterAll(() => server?.close());

const start = Number(MIXED_BASE_NS / 1_000_000_000n);
const range = { start, end: start + 60 };

/** Both forms of one answer. */
async function both(path: string, params: Record<string, string | number>) {
  const json = await server.get(path, { ...params, ...range });
  const proto = await server.get(path, { ...params, ...range }, { accept: 'application/protobuf' });
  expect([json.status, proto.status, proto.type]).toEqual([200, 200, 'application/protobuf']);
  return { json: JSON.parse(json.text), proto: new Fields(proto.bytes) };
}

/** A message as it lies on the wire, read by field number. */
class Fields {
  readonly #values = new Map<number, (bigint | number | Buffer)[]>();

  constructor(bytes: Buffer) {
    const reader = new ProtobufReader(bytes);
    while (reader.pos < bytes.length) {
      const tag = reader.varint(bytes.length);
      const list = this.#values.get(tag >>> 3) ?? [];
      this.#values.set(tag >>> 3, list);
      if ((tag & 7) === WireType.bytes) {
        const length = reader.varint(bytes.length);
        list.push(bytes.subarray(reader.pos, reader.pos + length));
        reader.pos += length;
      } else if ((tag & 7) === WireType.fixed64) {
        list.push(bytes.readDoubleLE(reader.pos));
        reader.pos += 8;
      } else {
        const low = reader.varint(bytes.length);
        list.push((BigInt(reader.high) << 32n) | BigInt(low));
      }
    }
    expect(reader.failure).toBeUndefined();
  }

  number(field: number): number {
    return Number(this.#values.get(field)?.[0] ?? 0);
  }

  texts(field: number): string[] {
    return (this.#values.get(field) ?? []).map(String);
  }

  text(field: number): string {
    return this.texts(field)[0] ?? '';
  }

  messages(field: number): Fields[] {
    return (this.#values.get(field) ?? []).map(bytes => new Fields(bytes as Buffer));
  }
}

test('a search in protobuf says what its JSON says', async () => {
  const { json, proto } = await both('/api/search', {
    q: '{ status = error } | by(resource.service.name) | count() > 0',
    limit: 50,
    spss: 2,
  });
  expect(json.traces.length).toBeGreaterThan(1);
  const spansetsOf = (trace: Fields) =>
    trace.messages(7).map(set => ({
      matched: set.number(2),
      spans: set.messages(1).map(span => [span.text(1), span.number(3), span.number(4)]),
      attributes: set.messages(3).map(a => [a.text(1), a.messages(2)[0].text(1)]),
    }));
  expect(
    proto.messages(1).map(trace => ({
      id: trace.text(1),
      root: [trace.text(2), trace.text(3)],
      start: trace.number(4),
      ms: trace.number(5),
      first: trace.messages(6).length,
      sets: spansetsOf(trace),
      services: trace.messages(8).map(entry => {
        const [stats] = entry.messages(2);
        return [entry.text(1), stats.number(1), stats.number(2)];
      }),
    })),
  ).toEqual(
    json.traces.map((trace: Json) => ({
      id: trace.traceID,
      root: [trace.rootServiceName, trace.rootTraceName ?? ''],
      start: Number(trace.startTimeUnixNano),
      ms: trace.durationMs ?? 0,
      first: 1,
      sets: trace.spanSets.map((set: Json) => ({
        matched: set.matched,
        spans: set.spans.map((s: Json) => [s.spanID, Number(s.startTimeUnixNano), Number(s.durationNanos)]),
        attributes: set.attributes.map((a: Json) => [a.key, a.value.stringValue]),
      })),
      services: Object.entries<Json>(trace.serviceStats).map(([name, s]: [string, Json]) => [
        name,
        s.spanCount,
        s.errorCount ?? 0,
      ]),
    })),
  );
  expect(proto.messages(2)[0].number(7)).toBe(Number(json.metrics.inspectedSpans));
});

test('names and values of tags in protobuf, both versions', async () => {
  const tags = await both('/api/v2/search/tags', {});
  expect(tags.proto.messages(1).map(scope => ({ name: scope.text(1), tags: scope.texts(2) }))).toEqual(
    tags.json.scopes,
  );
  const older = await both('/api/search/tags', {});
  expect(older.proto.texts(1)).toEqual(older.json.tagNames);
  const values = await both('/api/v2/search/tag/.a/values', {});
  expect(values.json.tagValues.length).toBeGreaterThan(1);
  expect(values.proto.messages(1).map(v => ({ type: v.text(1), value: v.text(2) }))).toEqual(values.json.tagValues);
  const olderValues = await both('/api/search/tag/service.name/values', {});
  expect(olderValues.proto.texts(1)).toEqual(olderValues.json.tagValues);
});

test('metrics in protobuf, over a range and at an instant', async () => {
  const q = '{} | rate() by (resource.service.name)';
  const over = await both('/api/metrics/query_range', { q, step: '10s' });
  expect(over.json.series.length).toBeGreaterThan(1);
  expect(
    over.proto.messages(1).map(series => ({
      label: [series.messages(1)[0].text(1), series.messages(1)[0].messages(2)[0].text(1)],
      samples: series.messages(2).map(sample => [sample.number(2), sample.number(1)]),
      exemplars: series.messages(4).map(exemplar => exemplar.messages(1).map(label => label.text(1))),
    })),
  ).toEqual(
    over.json.series.map((series: Json) => ({
      label: [series.labels[0].key, series.labels[0].value.stringValue],
      samples: series.samples.map((s: Json) => [Number(s.timestampMs), s.value ?? 0]),
      // Any span may stand for a point: not the same one in both answers.
      exemplars: (series.exemplars ?? []).map((e: Json) => e.labels.map((label: Json) => label.key)),
    })),
  );
  const cut = await both('/api/metrics/query', { q, maxSeries: 1 });
  expect(cut.proto.messages(1).map(series => series.number(2))).toEqual([cut.json.series[0].value]);
  expect([cut.proto.number(3), cut.proto.text(4)]).toEqual([1, cut.json.message]);
});

test('older clients are told the intrinsics when they ask for them', async () => {
  const { json } = await both('/api/search/tags', { scope: 'intrinsic' });
  expect(json.tagNames).toEqual(expect.arrayContaining(['duration', 'rootName', 'status']));
});
