import { parseRange, shiftRange } from '#domain/time/range.ts';
import type { Command, CommandContext } from '#state/commands/command.ts';
import { sessionStore } from '#state/session-store.ts';

const hasRange = ({ url }: CommandContext) => url.page.name === 'explore' || url.page.name === 'graph';
const onExplore = ({ url }: CommandContext) => url.page.name === 'explore';

/** Keys of the time range. */
export const TIME_COMMANDS: readonly Command[] = [
  { id: 'time.earlier', title: 'Earlier range', group: 'Time', hotkeys: ['a'], when: hasRange, run: shiftBy(-1) },
  { id: 'time.later', title: 'Later range', group: 'Time', hotkeys: ['d'], when: hasRange, run: shiftBy(1) },
  {
    id: 'time.live',
    title: 'Live on or off',
    group: 'Time',
    hotkeys: ['l'],
    when: onExplore,
    run: ({ url, go }) => go(url.live ? { live: false } : liveChange(url.to), 'replace'),
  },
];

/** Live mode follows the clock: an absolute range gives way to the last 15 minutes. */
export function liveChange(to: string): { live: true; from?: string; to?: string } {
  return to === 'now' ? { live: true } : { live: true, from: 'now-15m', to: 'now' };
}

function shiftBy(direction: -1 | 1): Command['run'] {
  return ({ url, go }) => {
    const range = parseRange(url.from, url.to, sessionStore.getState().nowMs);
    if (range.ok) go({ ...shiftRange(range.value, direction), live: false }, 'push');
  };
}
