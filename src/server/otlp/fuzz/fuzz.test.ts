import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openReceiver } from '#server/otlp/testing/open-receiver.ts';
import { checkExchange } from './check-exchange.ts';
import { Choices } from './choices.ts';
import { treeToJson, treeToProto } from './encode-tree.ts';
import { type Finding, fuzzEncodings, fuzzReceiver } from './fuzz.ts';
import { drawRequest } from './message-tree.ts';

// Seeded: the same cases on every run. `npm run fuzz` looks further and adds what it finds to the corpus.

/** A hundred requests and their read-back take seconds alone, and much longer on a busy machine. */
const PATIENT = 180_000;

const told = (findings: readonly Finding[]) =>
  findings.map(({ seed, encoding, what }) => `seed ${seed}, ${encoding}: ${what}`);

test(
  'both encodings of one message store the same rows',
  async () => {
    expect(told(await fuzzEncodings({ firstSeed: 1, cases: 150 }))).toEqual([]);
  },
  PATIENT,
);

test(
  'no message breaks the receiver, and what it stores comes back',
  async () => {
    const before = process.memoryUsage().rss;
    expect(told(await fuzzReceiver({ firstSeed: 1_000_000, cases: 250 }))).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 30);
  },
  PATIENT,
);

test('the cases are worth something: nearly all are taken, and they differ', () => {
  const drawn = Array.from({ length: 50 }, (_, seed) => {
    const choices = new Choices(seed);
    const ids = { traces: [choices.bytes(16)], spans: [choices.bytes(8)] };
    const tree = drawRequest(choices, ids);
    JSON.parse(treeToJson(choices, tree));
    return treeToProto(choices, tree);
  });
  expect(new Set(drawn.map(bytes => bytes.length)).size).toBeGreaterThan(25);
});

const corpus = new URL('../corpus/', import.meta.url);
test.each(readdirSync(corpus))('corpus: %s', async file => {
  const encoding = file.endsWith('.otlp-json') ? 'json' : 'protobuf';
  // An empty store for each: what came before can hide a fault.
  const receiver = await openReceiver();
  try {
    expect(await checkExchange(receiver, readFileSync(new URL(file, corpus)), encoding)).toBeUndefined();
  } finally {
    await receiver.close();
  }
});
