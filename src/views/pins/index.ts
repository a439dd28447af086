import { actionCommand } from '#state/commands/command.ts';
import type { ViewDefinition } from '#views/shared/view-definition.ts';
import { PinsPage } from './PinsPage.tsx';

/** All pins. */
export const view: ViewDefinition = {
  id: 'pins',
  title: 'Pins',
  commands: [actionCommand({ id: 'pins.refresh', title: 'Read the pins again', group: 'Pins', hotkeys: ['r'] })],
  Page: PinsPage,
};
