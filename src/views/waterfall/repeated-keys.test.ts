import { expect, test } from 'vitest';
import { repeatedKeys } from './repeated-keys.ts';

test('keys that are set twice are told with how often, whatever they are called', () => {
  const attributes = ['a', '__proto__', 'b', 'a', '__proto__', 'a'].map(key => ({
    key,
    value: { type: 'string', value: key } as const,
  }));
  expect([...repeatedKeys(attributes)]).toEqual([
    ['a', 3],
    ['__proto__', 2],
  ]);
  expect(repeatedKeys([]).size).toBe(0);
});
