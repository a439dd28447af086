import { beforeEach, describe, expect, test } from 'vitest';
import { otlpJsonToProto } from '#decoding/otlp/otlp-json.ts';
import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import type { SelfCheckStep } from '#domain/api/store-api.ts';
import { readSelfcheck } from './read-selfcheck.ts';
import { runSelfcheck } from './run-selfcheck.ts';
import { exitCodeOf, reportText } from './selfcheck-report.ts';

// A server of a few lines, which can be told to misbehave, and a clock that only sleeping moves.

interface Misbehaviour {
  readonly write?: () => Response;
  /** Bytes of a trace as they are given back; undefined for 404. */
  readonly trace?: (bytes: Uint8Array, n: number) => Uint8Array | undefined;
  readonly search?: (ids: readonly string[]) => Response;
  readonly metrics?: (spans: number) => Response;
  /** Nothing is found before. */
  readonly visibleFromMs?: number;
}

let stored: Map<string, Uint8Array>;
let asked: { url: string; headers: Readonly<Record<string, string>> }[];
beforeEach(() => {
  stored = new Map();
  asked = [];
});

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

async function check(
  wrong: Misbehaviour = {},
  argv: readonly string[] = ['http://ui/base'],
): Promise<readonly SelfCheckStep[]> {
  const options = readSelfcheck(argv);
  if (!options.ok) throw new Error(options.error);
  stored.clear();
  let clock = 0;
  const answer = (url: URL, body: Uint8Array | undefined): Response => {
    if (url.pathname === '/base/api/config') return json({ otlpHttp: 'http://otlp' });
    if (url.pathname.endsWith('/v1/traces') && body !== undefined) {
      const proto = body[0] === 0x7b ? otlpJsonToProto(body) : { ok: true as const, value: body };
      if (!proto.ok) return json({}, 400);
      stored.set(/"traceId":"(\w+)"/.exec(protoToOtlpJson(proto.value))?.[1] ?? '', proto.value);
      return wrong.write?.() ?? new Response('');
    }
    const isVisible = clock >= (wrong.visibleFromMs ?? 0);
    const ids = isVisible ? [...stored.keys()] : [];
    if (url.pathname.endsWith('/api/search')) {
      return wrong.search?.(ids) ?? json({ traces: ids.map(id => ({ traceID: id.replace(/^0+/, '') })) });
    }
    if (url.pathname.endsWith('/api/metrics/query_range')) {
      const samples = [
        { timestampMs: '1', value: ids.length },
        { timestampMs: '2', value: ids.length * 2 },
      ];
      return wrong.metrics?.(ids.length * 3) ?? json({ series: [{ samples }] });
    }
    const id = /\/api\/traces\/(\w+)$/.exec(url.pathname)?.[1] ?? '';
    const bytes = isVisible ? stored.get(id) : undefined;
    const given =
      bytes === undefined || wrong.trace === undefined ? bytes : wrong.trace(bytes, [...stored.keys()].indexOf(id));
    return given === undefined ? json({}, 404) : new Response(Uint8Array.from(given));
  };
  const steps = await runSelfcheck(options.value, {
    send: async (url, headers, body) => {
      asked.push({ url: String(url), headers });
      return answer(url, body);
    },
    nowUnixMs: () => 1_763_632_800_000,
    nowMs: () => clock,
    sleep: async ms => {
      clock += ms;
    },
  });
  if (!steps.ok) throw new Error(steps.error);
  return steps.value;
}

const states = (steps: readonly SelfCheckStep[]) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));

test('a server that keeps what it is sent', async () => {
  const steps = await check();
  expect(states(steps)).toEqual({ write: 'right', 'read by id': 'right', search: 'right', metrics: 'right' });
  expect(exitCodeOf(steps)).toBe(0);
  expect(reportText(steps)).toMatch(/^write +right after 0 ms\n(.*\n)*all right\n$/);
  const types = asked.map(({ headers }) => headers['content-type']).filter(type => type !== undefined);
  expect(new Set(types)).toEqual(new Set(['application/json', 'application/x-protobuf']));
});

test('another server by its addresses, with a header', async () => {
  const argv = ['--otlp', 'http://in/x/', '--tempo', 'http://out/y', '--header', 'X-Scope-OrgID: shop'];
  expect(exitCodeOf(await check({}, argv))).toBe(0);
  expect(asked[0].url).toBe('http://in/x/v1/traces');
  expect(asked.at(-1)?.url).toMatch(/^http:\/\/out\/y\/api\/metrics\/query_range\?/);
  expect(asked.every(({ headers }) => headers['X-Scope-OrgID'] === 'shop')).toBe(true);
});

describe('what is reported', () => {
  test('a refusal ends the check', async () => {
    const steps = await check({ write: () => new Response('no room', { status: 503 }) });
    expect(states(steps)).toEqual({ write: 'wrong' });
    expect(steps[0].found[0]).toContain('503: no room');
    expect(steps[0].found).toHaveLength(2);
    expect(reportText(steps)).toMatch(/\nsomething is missing or wrong\n$/);
    const headers = { 'content-type': 'application/x-protobuf' };
    const status = Uint8Array.of(0x08, 14, 0x12, 4, ...Buffer.from('full'));
    expect((await check({ write: () => new Response(status, { status: 503, headers }) }))[0].found[0]).toMatch(
      / answers 503: full$/,
    );
    const json = await check({ write: () => Response.json({ code: 14, message: 'full' }, { status: 503 }) });
    expect(json[0].found[0]).toMatch(/ answers 503: full$/);
    const partial = '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"x"}}';
    expect(states(await check({ write: () => new Response(partial) }))).toEqual({ write: 'wrong' });
  });

  test('a missing trace', async () => {
    const steps = await check({ trace: (bytes, n) => (n === 2 ? undefined : bytes) });
    expect(states(steps)).toMatchObject({ 'read by id': 'missing', search: 'right' });
    expect(steps[1].found).toEqual([expect.stringMatching(/^trace [0-9a-f]{32}$/)]);
    expect(exitCodeOf(steps)).toBe(1);
  });

  test.each([
    ['a name', 'selfcheck call', 'selfcheck cal1', 'name is "selfcheck cal1"'],
    ['a time', '"startTimeUnixNano":"17', '"startTimeUnixNano":"16', 'startTimeUnixNano is "16'],
    ['a number', '9007199254740993', '9007199254740992', 'attributes is'],
    ['a service', '"throughline-selfcheck"', '"other"', 'service is "other"'],
    ['an event', '"exception"', '"error"', 'events is'],
  ])('%s that changed', async (_what, from, to, sentence) => {
    const steps = await check({
      trace: bytes => {
        const text = protoToOtlpJson(bytes);
        expect(text).toContain(from);
        const changed = otlpJsonToProto(new TextEncoder().encode(text.replace(from, to)));
        return changed.ok ? changed.value : bytes;
      },
    });
    expect(states(steps)).toMatchObject({ 'read by id': 'wrong' });
    expect(steps[1].found.join('\n')).toContain(sentence);
    expect(exitCodeOf(steps)).toBe(1);
  });

  test('a trace that is half there, and one of somebody else', async () => {
    const half = await check({ trace: bytes => bytes.subarray(0, 0) });
    expect(states(half)).toMatchObject({ 'read by id': 'missing' });
    const more = await check({ search: ids => json({ traces: [...ids, 'ab'].map(traceID => ({ traceID })) }) });
    expect(states(more)).toMatchObject({ search: 'wrong' });
  });

  test('what comes late', async () => {
    const steps = await check({ visibleFromMs: 4000 });
    expect(states(steps)).toMatchObject({ 'read by id': 'late', search: 'right' });
    expect(exitCodeOf(steps)).toBe(3);
    expect(states(await check({ visibleFromMs: 1000 }))).toMatchObject({ 'read by id': 'right' });
    const never = await check({ visibleFromMs: 40_000 }, ['http://ui/base', '--wait-s', '5']);
    expect(states(never)).toMatchObject({ 'read by id': 'missing', search: 'missing', metrics: 'missing' });
  });

  test('metrics that are counted wrong, or not served', async () => {
    const counted = (value: number) => () => json({ series: [{ samples: [{ value }] }] });
    expect(states(await check({ metrics: counted(11) }))).toMatchObject({ metrics: 'missing' });
    expect(states(await check({ metrics: counted(13) }))).toMatchObject({ metrics: 'wrong' });
    const without = await check({ metrics: () => new Response('not enabled\u001b[2J', { status: 400 }) });
    expect(states(without)).toMatchObject({ metrics: 'absent' });
    expect([exitCodeOf(without), reportText(without)]).toEqual([0, expect.stringContaining('not served')]);
    expect(reportText(without)).not.toContain('\u001b');
  });

  test('a server that is none', async () => {
    await expect(check({}, ['http://elsewhere'])).rejects.toThrow(/elsewhere.*--otlp and --tempo/);
  });
});

test.each([
  [[], /address/],
  [['--otlp', 'http://a'], /--tempo/],
  [['ftp://a'], /ftp/],
  [['http://a', 'b'], /'b'/],
  [['http://a', '--wait-s', 'x'], /--wait-s/],
  [['http://a', '--header', 'x'], /--header/],
  [['http://a', '--nope'], /--nope/],
])('%j is refused in one line', (argv, sentence) => {
  const read = readSelfcheck(argv);
  expect(read.ok ? '' : read.error).toMatch(sentence);
});
