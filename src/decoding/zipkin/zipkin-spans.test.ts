import { describe, expect, it } from 'vitest';
import { openFile, servicesAndNames } from '#decoding/testing/open-file.ts';
import { SpanFlag, SpanKind, StatusCode } from '#domain/trace/trace-table.ts';

const AT = 1_531_282_088_000_000;
const span = (id: string, serviceName: string, rest: object = {}) => ({
  traceId: 'ef86c83c0a05a6d6',
  id,
  timestamp: AT,
  duration: 1000,
  localEndpoint: { serviceName },
  ...rest,
});

describe('ids that client and server share', () => {
  const client = span('b', 'web', { parentId: 'a', kind: 'CLIENT', name: 'get', timestamp: AT + 100 });
  const server = span('b', 'cart', { parentId: 'a', kind: 'SERVER', name: 'get /cart', shared: true, duration: 500 });

  it('are two spans, and children hang from the half of their own service', () => {
    const { tables, format } = openFile([
      span('c', 'cart', { parentId: 'b', name: 'select' }),
      server,
      span('d', 'web', { parentId: 'b', name: 'tls handshake', timestamp: AT + 110 }),
      client,
      span('a', 'web', { name: 'page' }),
    ]);
    expect(format).toBe('Zipkin JSON');
    expect(servicesAndNames(tables[0])).toEqual([
      'web: page',
      '  web: get',
      '    cart: get /cart',
      '      cart: select',
      '    web: tls handshake',
    ]);
  });

  it('are told apart by their kinds where the flag is missing', () => {
    const { tables } = openFile([client, { ...server, shared: undefined }, span('a', 'web', { name: 'page' })]);
    expect(servicesAndNames(tables[0])).toEqual(['web: page', '  web: get', '    cart: get /cart']);
  });

  it('meet where one half has the trace id of 128 bits and the other the lower half of it', () => {
    const { tables } = openFile([{ ...client, traceId: `4bf92f3577b34da6${client.traceId}` }, server]);
    expect(tables).toHaveLength(1);
    expect(tables[0]).toMatchObject({ traceId: `4bf92f3577b34da6${client.traceId}`, length: 2 });
  });
});

it('reads what a span says: endpoints, tags as text, annotations, errors', async () => {
  const [table] = openFile([
    span('a', 'web', {
      kind: 'PRODUCER',
      name: 'send',
      timestamp: AT + 0.25,
      remoteEndpoint: { serviceName: 'rabbitmq', ipv4: '10.0.0.7', port: 5672 },
      annotations: [{ timestamp: AT + 10, value: 'ws' }],
      tags: { error: '', retries: '3' },
      debug: true,
    }),
  ]).tables;
  expect(table.kind[0]).toBe(SpanKind.producer);
  expect(table.status[0]).toBe(StatusCode.error);
  expect(table.baseUnixNano).toBe(BigInt(AT) * 1000n + 250n);
  expect(table.spanDurationNs[0]).toBe(1_000_000);
  expect(table.strings.at(table.events.name[0])).toBe('ws');
  const { attributes } = await table.details.span(0);
  expect(attributes).toEqual([
    { key: 'peer.service', value: { type: 'string', value: 'rabbitmq' } },
    { key: 'network.peer.address', value: { type: 'string', value: '10.0.0.7' } },
    { key: 'network.peer.port', value: { type: 'int', value: 5672n } },
    { key: 'error', value: { type: 'string', value: '' } },
    { key: 'retries', value: { type: 'string', value: '3' } },
    { key: 'zipkin.debug', value: { type: 'bool', value: true } },
  ]);
});

it('opens spans that say little: no time, no name, no service, themselves as parent', () => {
  const [table] = openFile([
    { traceId: 'ef86c83c0a05a6d6', id: '2' },
    span('3', 'web', { parentId: '3', duration: undefined }),
  ]).tables;
  expect(servicesAndNames(table).sort()).toEqual([': unknown', 'web: unknown']);
  const without = servicesAndNames(table).indexOf(': unknown');
  expect(table.flags[without] & SpanFlag.noTimestamp).not.toBe(0);
});

it('opens traces in a list of lists, spans one a line, and names those that have no id', () => {
  const other = { ...span('a', 'web'), traceId: '7' };
  expect(openFile([[span('a', 'web')], [other]]).tables).toHaveLength(2);
  expect(openFile(`${JSON.stringify(span('a', 'web'))}\n${JSON.stringify(other)}\n`).tables).toHaveLength(2);
  const { tables, problems } = openFile([span('a', 'web'), { traceId: '7' }, 5]);
  expect(tables).toHaveLength(1);
  expect(problems.map(({ message }) => message)).toEqual(['[1]: id is missing', '[2]: expected an object']);
});
