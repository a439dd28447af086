import { expect, test } from 'vitest';
import { BodyBuffers } from './body-buffers.ts';

test('joins the pieces of a body, in a buffer that came back too', () => {
  const buffers = new BodyBuffers();
  const first = buffers.join([Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3)], 3);
  expect(new Uint8Array(first, 0, 3)).toEqual(Uint8Array.of(1, 2, 3));
  buffers.give(first);
  const second = buffers.join([Uint8Array.of(9)], 1);
  expect(second).toBe(first);
  expect(new Uint8Array(second, 0, 1)).toEqual(Uint8Array.of(9));
});

test('an empty body, and one too large to be kept', () => {
  const buffers = new BodyBuffers();
  expect(buffers.join([], 0).byteLength).toBeGreaterThan(0);
  const bytes = 9 * 1024 * 1024;
  const large = buffers.join([new Uint8Array(bytes)], bytes);
  expect(large.byteLength).toBe(bytes);
  buffers.give(large);
  expect(buffers.join([], bytes)).not.toBe(large);
});

test('keeps no more than its share of what comes back', () => {
  const buffers = new BodyBuffers();
  const given = Array.from({ length: 40 }, () => new ArrayBuffer(1024 * 1024));
  for (const buffer of given) buffers.give(buffer);
  const taken = given.map(() => buffers.join([], 1024 * 1024));
  expect(taken.filter(buffer => given.includes(buffer))).toHaveLength(32);
});
