import type { ViewDefinition } from '#views/shared/view-definition.ts';
import { GRAPH_COMMANDS } from './commands.ts';
import { GraphPage } from './GraphPage.tsx';

/** What calls what. */
export const view: ViewDefinition = { id: 'graph', title: 'Graph', commands: GRAPH_COMMANDS, Page: GraphPage };
