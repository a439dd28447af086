import type { PanelDefinition } from '#views/shared/panel/panel-definition.ts';
import { GRAPH_COMMANDS } from './commands.ts';
import { ServiceGraphPanel } from './ServiceGraphPanel.tsx';

export const panel: PanelDefinition = { commands: GRAPH_COMMANDS, Panel: ServiceGraphPanel };
