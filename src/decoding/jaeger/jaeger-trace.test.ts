import { describe, expect, it } from 'vitest';
import { openFile, servicesAndNames } from '#decoding/testing/open-file.ts';
import { SpanFlag, SpanKind, StatusCode } from '#domain/trace/trace-table.ts';

const AT = 1_542_666_452_979_000;
const reference = (spanID: string, refType = 'CHILD_OF', traceID = '7b') => ({ refType, traceID, spanID });
const span = (spanID: string, rest: object = {}) => ({
  traceID: '7b',
  spanID,
  operationName: `op ${spanID}`,
  references: [] as object[],
  startTime: AT,
  duration: 1000,
  tags: [] as object[],
  logs: [] as object[],
  processID: 'p1',
  ...rest,
});
const file = (...spans: object[]) => ({
  data: [{ traceID: '7b', spans, processes: { p1: { serviceName: 'web', tags: [] } }, warnings: null }],
});

describe('references', () => {
  it('make the first CHILD_OF of the trace the parent, then the first FOLLOWS_FROM; the others are links', () => {
    const { tables, format } = openFile(
      file(
        span('a'),
        span('b', { references: [reference('a', 'FOLLOWS_FROM')] }),
        span('c', { references: [reference('b', 'FOLLOWS_FROM'), reference('f', 'CHILD_OF', '9'), reference('a')] }),
      ),
    );
    expect(format).toBe('Jaeger JSON');
    const [table] = tables;
    expect(servicesAndNames(table)).toEqual(['web: op a', '  web: op b', '  web: op c']);
    const [from, to] = table.links.offset.subarray(2, 4);
    expect([...table.links.spanId.subarray(from, to)]).toEqual([0xbn, 0xfn]);
  });

  it('to itself or to a descendant are no parentage', () => {
    const [table] = openFile(
      file(
        span('a', { references: [reference('a'), reference('b', 'FOLLOWS_FROM')] }),
        span('b', { references: [reference('a')] }),
      ),
    ).tables;
    expect(servicesAndNames(table)).toEqual(['web: op a', '  web: op b']);
    expect(table.damage.cycles).toBe(0);
  });

  it('to a span that is not in the file leave an orphan', () => {
    const [table] = openFile(file(span('a', { references: [reference('77')] }))).tables;
    expect(table.flags[0] & SpanFlag.orphan).not.toBe(0);
    expect(table.parentSpanId[0]).toBe(0x77n);
  });

  it('may be a parentSpanID of older files', () => {
    const [table] = openFile(file(span('a'), span('b', { references: undefined, parentSpanID: 'a' }))).tables;
    expect(servicesAndNames(table)).toEqual(['web: op a', '  web: op b']);
  });
});

it('reads tags in all their types, int64 exactly', async () => {
  const tag = (key: string, type: string, value: unknown) => ({ key, type, value });
  const text = JSON.stringify(
    file(
      span('a', {
        tags: [
          tag('s', 'string', 'x'),
          tag('b', 'bool', false),
          tag('i', 'int64', '@max@'),
          tag('t', 'int64', '-9223372036854775808'),
          tag('f', 'float64', 0.5),
          tag('n', 'float64', 'NaN'),
          tag('y', 'binary', 'AAEC'),
          tag('odd', 'int64', 'many'),
        ],
      }),
    ),
  ).replace('"@max@"', '9223372036854775807');
  const { attributes } = await openFile(text).tables[0].details.span(0);
  expect(Object.fromEntries(attributes.map(({ key, value }) => [key, value]))).toEqual({
    s: { type: 'string', value: 'x' },
    b: { type: 'bool', value: false },
    i: { type: 'int', value: 9_223_372_036_854_775_807n },
    t: { type: 'int', value: -9_223_372_036_854_775_808n },
    f: { type: 'double', value: 0.5 },
    n: { type: 'double', value: Number.NaN },
    y: { type: 'bytes', value: Uint8Array.of(0, 1, 2) },
    odd: { type: 'string', value: 'many' },
  });
});

it('takes kind, status, trace state and scope out of the tags', async () => {
  const tag = (key: string, value: unknown, type = 'string') => ({ key, type, value });
  const [table] = openFile(
    file(
      span('a', {
        tags: [
          tag('span.kind', 'client'),
          tag('otel.status_code', 'ERROR'),
          tag('otel.status_description', 'no stock'),
          tag('w3c.tracestate', 'k=v'),
          tag('otel.scope.name', 'shop'),
        ],
      }),
      span('b', { startTime: AT + 1, tags: [tag('error', 'true')] }),
      span('c', { startTime: AT + 2, tags: [tag('error', false, 'bool')] }),
    ),
  ).tables;
  expect(table.kind[0]).toBe(SpanKind.client);
  expect([...table.status]).toEqual([StatusCode.error, StatusCode.error, StatusCode.unset]);
  expect(table.strings.at(table.statusMessage[0])).toBe('no stock');
  expect(table.strings.at(table.traceState[0])).toBe('k=v');
  expect(table.scopes[table.scope[0]].name).toBe('shop');
  expect((await table.details.span(0)).attributes).toEqual([]);
});

it('reads logs as events: named by their field "event", the others are attributes', async () => {
  const field = (key: string, value: string) => ({ key, type: 'string', value });
  const [table] = openFile(
    file(
      span('a', {
        logs: [
          { timestamp: AT + 5, fields: [field('event', 'retry'), field('why', 'timeout')] },
          { timestamp: AT + 6, fields: [field('message', 'plain')] },
        ],
      }),
    ),
  ).tables;
  expect([...table.events.name].map(i => table.strings.at(i))).toEqual(['retry', 'log']);
  expect([...table.events.timeNs]).toEqual([5000, 6000]);
  const { events } = await table.details.span(0);
  expect(events.map(({ attributes }) => attributes.map(({ key }) => key))).toEqual([['why'], ['message']]);
});

it('keeps warnings, processes without a name and ids that are no hex', async () => {
  const { tables } = openFile({
    traceID: 'trace-123',
    spans: [
      span('span-1', { traceID: 'trace-123', warnings: ['clock skew'] }),
      span('span-2_1', {
        traceID: 'trace-123',
        processID: 'missing',
        references: [reference('span-1', 'CHILD_OF', 'trace-123')],
      }),
    ],
    processes: { p1: { serviceName: 'web', tags: [{ key: 'host', type: 'string', value: 'h1' }] } },
  });
  const [table] = tables;
  expect(servicesAndNames(table)).toEqual(['web: op span-1', '  : op span-2_1']);
  const { attributes } = await table.details.span(0);
  expect(attributes).toEqual([
    { key: 'throughline.reported.trace_id', value: { type: 'string', value: 'trace-123' } },
    { key: 'throughline.reported.span_id', value: { type: 'string', value: 'span-1' } },
    { key: '@jaeger@warnings', value: { type: 'list', value: [{ type: 'string', value: 'clock skew' }] } },
  ]);
  expect(table.resources[table.resource[0]].attributes.map(({ key }) => key)).toEqual(['service.name', 'host']);
});

it('opens traces whose clock begins at 0', () => {
  const [table] = openFile(file(span('a', { startTime: 0 }), span('b', { startTime: 10 }))).tables;
  expect([...table.startNs]).toEqual([0, 10_000]);
  expect([...table.flags]).toEqual([0, 0]);
});

it('opens several traces, spans without a trace around them, and names spans without ids', () => {
  const two = { data: [file(span('a')).data[0], { traceID: '8', spans: [span('a', { traceID: '8' })] }] };
  expect(openFile(two).tables.map(({ traceId }) => Number.parseInt(traceId, 16))).toEqual([0x7b, 8]);
  const alone = { ...span('a'), process: { serviceName: 'web' } };
  expect(servicesAndNames(openFile(`${JSON.stringify(alone)}\n`).tables[0])).toEqual(['web: op a']);
  const { problems, tables } = openFile(file(span('a'), { traceID: '7b' }));
  expect(tables[0].length).toBe(1);
  expect(problems[0]).toMatchObject({ message: 'data[0].spans[1]: spanID is missing', line: 1 });
});
