import { describe, expect, it } from 'vitest';
import { DEFAULT_URL_STATE, type UrlState } from './url-state.ts';
import { createUrlWriter } from './url-writer.ts';

function harness() {
  let now = 0;
  let state: UrlState = DEFAULT_URL_STATE;
  const written: string[] = [];
  const timers: { at: number; task: () => void }[] = [];
  const writer = createUrlWriter({
    current: () => state,
    write: (next, mode) => {
      state = next;
      written.push(`${mode} ${next.q}|${next.find}`);
    },
    now: () => now,
    later: (task, ms) => timers.push({ at: now + ms, task }),
  });
  const advance = (ms: number) => {
    now += ms;
    for (const timer of timers.splice(0)) timer.at <= now ? timer.task() : timers.push(timer);
  };
  return { writer, written, advance };
}

describe('writing the URL', () => {
  it('joins replaces that come fast, each building on the one before', () => {
    const { writer, written, advance } = harness();
    writer.go({ q: 'a' }, 'replace');
    writer.go({ q: 'b' }, 'replace');
    writer.go({ find: 'x' }, 'replace');
    expect(written).toEqual(['replace a|']);
    advance(50);
    expect(written).toEqual(['replace a|', 'replace b|x']);
    advance(500);
    expect(written).toHaveLength(2);
  });

  it('pushes at once, after what was waiting: that belongs to the entry which is left', () => {
    const { writer, written, advance } = harness();
    writer.go({ q: 'a' }, 'replace');
    writer.go({ find: 'x' }, 'replace');
    writer.go({ q: 'b' }, 'push');
    expect(written).toEqual(['replace a|', 'replace a|x', 'push b|x']);
    advance(100);
    expect(written).toHaveLength(3);
  });

  it('forgets what waits when the reader goes to another entry', () => {
    const { writer, written, advance } = harness();
    writer.go({ q: 'a' }, 'push');
    writer.go({ find: 'x' }, 'replace');
    writer.forget();
    advance(100);
    expect(written).toEqual(['push a|']);
    writer.go({ q: 'b' }, 'replace');
    expect(written).toEqual(['push a|', 'replace b|']);
  });
});
