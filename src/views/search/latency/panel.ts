import { EXPLORE_COMMANDS } from '#views/search/commands.ts';
import type { PanelDefinition } from '#views/shared/panel/panel-definition.ts';
import { HeatmapPanel } from './HeatmapPanel.tsx';
import '#views/search/explore.css';

export const panel: PanelDefinition = { commands: EXPLORE_COMMANDS, Panel: HeatmapPanel };
