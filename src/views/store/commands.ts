import { actionCommand, type Command } from '#state/commands/command.ts';

const group = 'Store';

/** What can be done on the store page. */
export const STORE_COMMANDS: readonly Command[] = [
  actionCommand({ id: 'store.refresh', title: 'Read the figures again', group, hotkeys: ['r'] }),
  actionCommand({ id: 'store.self-check', title: 'Run the self-check', group }),
];
