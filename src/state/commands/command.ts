import type { UrlState } from '#state/url/url-state.ts';
import type { Go } from '#state/url/use-url.ts';
import { act, isOffered } from './actions.ts';
import type { Hotkey } from './hotkeys.ts';

/** Headings of the help dialog, in its order. */
export type CommandGroup = 'Everywhere' | 'Time' | 'Explore' | 'Graph' | 'Trace' | 'Store' | 'Pins';

/** What a command may look at and change. Everything else it reaches through an action of a mounted view. */
export interface CommandContext {
  readonly url: UrlState;
  readonly go: Go;
}

/** One thing the reader can do: read by the key listener, the palette, the help and tooltips. */
export interface Command {
  /** `<view>.<verb>`, such as `waterfall.expand-all`. */
  readonly id: `${string}.${string}`;
  readonly title: string;
  readonly group: CommandGroup;
  readonly hotkeys?: readonly Hotkey[];
  /** False hides the command from the palette and lets its key through. */
  readonly when?: (context: CommandContext) => boolean;
  /** Keys that only make sense as keys (next row) stay out of the palette. */
  readonly hidden?: boolean;
  readonly run: (context: CommandContext) => void;
}

/** A command that a mounted component performs: it offers the action with `useAction(id, …)`. */
export function actionCommand(command: Omit<Command, 'run' | 'when'>): Command {
  return { ...command, when: () => isOffered(command.id), run: () => act(command.id) };
}
