import type { ViewDefinition } from '#views/shared/view-definition.ts';
import { waterfallCommands } from './commands.ts';
import { TracePage } from './TracePage.tsx';

/** The page of one trace. */
export const view: ViewDefinition = { id: 'trace', title: 'Trace', commands: waterfallCommands, Page: TracePage };
