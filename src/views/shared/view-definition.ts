import type { ComponentType } from 'react';
import type { Command } from '#state/commands/command.ts';
import type { ViewId } from '#state/view-ids.ts';

/** What a view hands to the app: its page and what the reader can do on it. */
export interface ViewDefinition {
  readonly id: ViewId;
  readonly title: string;
  readonly commands: readonly Command[];
  readonly Page: ComponentType;
}
