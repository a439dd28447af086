import type { PanelDefinition } from '#views/shared/panel/panel-definition.ts';
import { EXPLORE_COMMANDS } from './commands.ts';
import { SearchPanel } from './SearchPanel.tsx';

export const panel: PanelDefinition = { commands: EXPLORE_COMMANDS, Panel: SearchPanel };
