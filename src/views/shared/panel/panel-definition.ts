import type { ComponentType } from 'react';
import type { Command } from '#state/commands/command.ts';

/** What a view hands to its frames in other pages: the panel, and what the reader can do in it. */
export interface PanelDefinition {
  readonly commands: readonly Command[];
  readonly Panel: ComponentType;
}
