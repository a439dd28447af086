import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { countCalls } from './count-calls.ts';
import { graphOfCalls } from './graph-of-calls.ts';
import { graphAsText } from './testing/graph-as-text.ts';

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;

/** One trace without links: up to 20 spans of four services, of any kinds, in any tree. */
const randomTrace: fc.Arbitrary<TraceTable> = fc
  .array(
    fc.record({
      service: fc.constantFrom('web', 'pay', 'mail', '-'),
      kind: fc.constantFrom(...KINDS),
      depth: fc.nat(5),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map(spans =>
    drawTrace(
      spans
        .map(
          ({ service, kind, depth }, i) =>
            `${service.padEnd(6)}${'  '.repeat(Math.min(i, depth))}span${i} @${kind} |--|`,
        )
        .join('\n'),
    ),
  );

/** Edges and nodes of some traces drawn as text. */
async function graphOf(...drawings: readonly string[]): Promise<string[]> {
  const tables = drawings.map((text, i) => drawTrace(text, { traceId: `${i + 1}`.padStart(32, '0') }));
  return graphAsText(graphOfCalls(await countCalls(tables)));
}

const edgesOf = async (...drawings: readonly string[]) =>
  (await graphOf(...drawings)).filter(line => / [-~]> /.test(line)).map(line => line.replace(/, p95 \d+ ms/, ''));

describe('a call between services', () => {
  test('is one, from both of its halves', async () => {
    expect(
      await edgesOf(`
        web  GET pay @client    |------|
        pay    GET /pay @server   |--|
      `),
    ).toEqual(['web -> pay 1']);
  });

  test('counts from the callee alone, whatever the kinds', async () => {
    expect(
      await edgesOf(`
        web  GET / @server  |------|
        pay    charge         |--|
      `),
    ).toEqual(['web -> pay 1']);
  });

  test('counts from the caller alone, to a service that sends spans of its own', async () => {
    expect(
      await edgesOf(
        `
        web  GET pay @client server.address=pay                          |------|
        web  GET pay @client server.address=PAY:8080                     |------|
        web  GET pay @client peer.service=pay                            |------|
        web  GET pay @client net.peer.name=pay.shop.svc.cluster.local    |------|
        web  GET pay @client server.address=pay.example.com              |------|
        `,
        'pay  GET /pay @server  |--|',
      ),
    ).toEqual(['web -> pay 4, 4 seen from the caller alone', 'web -> pay.example.com (external) 1']);
  });

  test('failed if either half did', async () => {
    expect(
      await edgesOf(`
        web  GET pay @client !  |---|
        pay    GET @server       |-|
        web  GET pay @client         |---|
        pay    GET @server !          |-|
        web  GET pay @client              |---|
        pay    GET @server                 |-|
      `),
    ).toEqual(['web -> pay 3, 2 failed']);
  });

  test('that is tried again is a call each time', async () => {
    expect(
      await edgesOf(`
        web  checkout               |-----------------|
        web    POST @client !       |---|
        pay      POST @server !      |-|
        web    POST @client              |---|
        pay      POST @server             |-|
      `),
    ).toEqual(['web -> pay 2, 1 failed']);
  });

  test('fans out to as many as were called', async () => {
    expect(
      await edgesOf(`
        web  GET / @server        |----------|
        a      x @server           |-|
        a      x @server            |-|
        b      x @server             |-|
      `),
    ).toEqual(['web -> a 2', 'web -> b 1']);
  });

  test('within a service counts from client to server only', async () => {
    expect(
      await edgesOf(`
        web  GET / @server        |----------|
        web    render              |-------|
        web      GET self @client   |-----|
        web        GET /self @server |--|
      `),
    ).toEqual(['web -> web 1']);
  });

  test('keeps its halves apart where they share an id, as in Zipkin', async () => {
    expect(
      await edgesOf(`
        web  GET pay @client #a1 ^        |-------|
        pay  GET /pay @server #a1 ^        |-----|
        pay    GET bank @client #b2 ^a1     |---|
        bank   GET /bank @server #b2 ^a1     |-|
      `),
    ).toEqual(['pay -> bank 1', 'web -> pay 1']);
  });
});

describe('a call to what sends no spans', () => {
  test.each([
    ['db.system.name=postgresql db.namespace=stock server.address=db-7', 'stock (database)'],
    ['db.system=mysql db.name=stock', 'stock (database)'],
    ['db.system=redis net.peer.name=cache-1:6379', 'cache-1 (database)'],
    ['db.system=redis', 'redis (database)'],
    ['peer.service=ledger db.system=mysql', 'ledger (database)'],
    ['messaging.system=sqs messaging.destination.name=mails', 'mails (messaging)'],
    ['server.address=psp.example.com', 'psp.example.com (external)'],
    ['http.host=psp.example.com:8443', 'psp.example.com (external)'],
    ['network.peer.address=::1', '::1 (external)'],
  ])('%s', async (attributes, name) => {
    expect(await edgesOf(`web  call @client ${attributes}  |--|`)).toEqual([`web -> ${name} 1`]);
  });

  test('is that of the innermost client', async () => {
    expect(
      await edgesOf(`
        web  PutObject @client peer.service=s3             |------|
        web    PUT @client server.address=s3.example.com     |--|
      `),
    ).toEqual(['web -> s3.example.com (external) 1']);
  });

  test('that it does not name is told of the caller', async () => {
    expect(await graphOf('web  call @client  |--|')).toEqual(['web: 1, 1 calls to nobody named']);
  });
});

describe('an asynchronous call', () => {
  test('goes from producer to consumer, and waits between', async () => {
    expect(
      await edgesOf(`
        shop  send @producer messaging.destination.name=orders  |--|
        mail    process @consumer                                        |----|
      `),
    ).toEqual(['shop ~> mail 1, through orders, waited 6 ms']);
  });

  test('is found by its link, one for each message of a batch', async () => {
    expect(
      await edgesOf(`
        shop  send @producer #a1 messaging.destination.name=orders  |--|
        shop  send @producer #a2 messaging.destination.name=orders    |--|
        mail  receive @consumer #b1 ^ ~a1 ~a2                              |----|
      `),
    ).toEqual(['shop ~> mail 2, through orders, waited 4 ms']);
  });

  test('that nobody takes ends at its destination', async () => {
    expect(
      await edgesOf('shop  send @producer messaging.system=kafka messaging.destination.name=orders  |--|'),
    ).toEqual(['shop ~> orders (messaging) 1, through orders']);
  });
});

test('a caller that is named but not here is unknown', async () => {
  expect(await graphOf('pay  GET /pay @server ^abcd  |--|')).toEqual(['pay: 1, 1 unknown callers']);
});

test('calls between services are as many as spans whose parent is of another service', async () => {
  await fc.assert(
    fc.asyncProperty(randomTrace, async table => {
      let crossings = 0;
      const serviceAt = (row: number) => table.resources[table.resource[row]]?.serviceName ?? '';
      for (let row = 0; row < table.length; row++) {
        if (table.parent[row] >= 0 && serviceAt(row) !== serviceAt(table.parent[row])) crossings++;
      }
      const { calls } = await countCalls([table]);
      const { nodes, edges } = graphOfCalls({ calls, requests: [], unnamed: [], unknownCallers: [] });
      let counted = 0;
      for (const [i, from] of edges.from.entries()) {
        if (from === edges.to[i] || nodes.kind[edges.to[i]] !== 'service') continue;
        counted += edges.calls[i] - edges.clientOnly[i];
      }
      expect(counted).toBe(crossings);
    }),
  );
});
