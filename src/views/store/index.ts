import type { ViewDefinition } from '#views/shared/view-definition.ts';
import { STORE_COMMANDS } from './commands.ts';
import { StorePage } from './StorePage.tsx';

/** How the embedded store does. */
export const view: ViewDefinition = { id: 'store', title: 'Store', commands: STORE_COMMANDS, Page: StorePage };
