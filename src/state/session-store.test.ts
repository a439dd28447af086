import { afterEach, expect, it, vi } from 'vitest';
import { refreshRange, sessionStore } from './session-store.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('asks for another second each time, so that every refresh is a new question', () => {
  vi.useFakeTimers({ now: 1_763_632_800_100 });
  sessionStore.setState({ nowMs: Date.now() });
  refreshRange();
  expect(sessionStore.getState().nowMs).toBe(1_763_632_801_100);
  vi.setSystemTime(1_763_632_805_000);
  refreshRange();
  expect(sessionStore.getState().nowMs).toBe(1_763_632_805_000);
});
