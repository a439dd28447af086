import { expect, it } from 'vitest';
import { nodeFault } from './node-fault.ts';

it('names the version and the remedy for a Node that is too old', () => {
  expect(nodeFault('20.20.2')).toBe('Node 20.20.2 is too old. Remedy: run it with Node 24 or newer');
  expect(nodeFault('24.0.0')).toBeUndefined();
  expect(nodeFault('26.1.0')).toBeUndefined();
});
