import { actionCommand, type Command } from '#state/commands/command.ts';

/** What can be done on the explore page. */
export const EXPLORE_COMMANDS: readonly Command[] = [
  actionCommand({
    id: 'explore.next',
    title: 'Next trace',
    group: 'Explore',
    hotkeys: ['j', 'ArrowDown'],
    hidden: true,
  }),
  actionCommand({
    id: 'explore.previous',
    title: 'Previous trace',
    group: 'Explore',
    hotkeys: ['k', 'ArrowUp'],
    hidden: true,
  }),
];
